import type { WorkerClass } from './base-worker.ts';
import { startWorker } from './start-worker.ts';
import type { RunningWorker, WorkerOptions } from './worker-options.ts';

/** What a worker says to the person who started it. */
export interface RunWorkerOptions extends WorkerOptions {
  print?: ((line: string) => void) | undefined;
}

/**
 * Runs a worker in this process until it ends. The first SIGINT or SIGTERM ends it in order, a second one at once.
 *
 * @example await runWorker(ProcessWorker, { client, pool: 'local' })
 */
export async function runWorker(workerClass: WorkerClass, options: RunWorkerOptions): Promise<void> {
  const { print = (line: string) => console.log(line) } = options;
  const worker = await startWorker(workerClass, options);
  const forgetSignals = stopOnSignals(worker, workerClass.type, print);
  print(`Worker '${worker.name}' started!`);
  try {
    await worker.ended;
  } finally {
    forgetSignals();
    print(`Worker '${worker.name}' stopped!`);
  }
}

function stopOnSignals(worker: RunningWorker, type: string, print: (line: string) => void): () => void {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    const first = signals === 1;
    print(
      `Received ${signal}. Stopping the ${type} worker (PID ${process.pid})${first ? '...' : ' without waiting for its runs...'}`,
    );
    void (first ? worker.stop() : worker.kill());
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
