#!/usr/bin/env node
// Plain JavaScript that any Node from 20 on can read: it finds a Node that can run the rest, and hands over.
import module from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';

const NEEDED_MAJOR = 24;

if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) {
  module.enableCompileCache();
  await import('../src/main.ts');
} else {
  await runWithOwnNode();
}

/** Starts this file again with the Node that the npm package `node` brought; signals go there, the exit code comes back. */
async function runWithOwnNode() {
  const { spawn } = await import('node:child_process');
  const node = ownNode();
  if (!node) {
    console.error(`prefect needs Node ${NEEDED_MAJOR} or newer; this is ${process.versions.node}.`);
    console.error('  Install it, or let npm run the install scripts of the package "node", which brings it.');
    process.exit(1);
  }
  const child = spawn(node, [...process.execArgv, process.argv[1], ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function ownNode() {
  try {
    const folder = dirname(module.createRequire(import.meta.url).resolve('node/package.json'));
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
}
