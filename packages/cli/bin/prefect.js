#!/usr/bin/env node
console.log('prefect');
