// Plain JavaScript: a thread does not inherit the compile cache of its process, and without it each start would strip and compile the
// TypeScript of the thread again, in 50 ms and 18 MB.
import module from 'node:module';
import { workerData } from 'node:worker_threads';

module.enableCompileCache();
await import(workerData.program);
