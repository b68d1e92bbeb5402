import { parentPort, workerData } from 'node:worker_threads';
import { SqliteConnection } from './connection.ts';
import { READY, type ScanAnswer, type ScanRequest } from './scan-thread.ts';

/** The thread behind {@link ScanThread}: runs reads, and between them moves the log into the database file. */
const { databasePath, checkpointEveryMillis } = workerData as { databasePath: string; checkpointEveryMillis: number };
const connection = new SqliteConnection(databasePath, { readOnly: false });
// Lists, counts and histories read the same indexes again and again; the memory is taken as they need it.
connection.execute('PRAGMA cache_size = -65536');

parentPort?.on('message', ({ id, sql, parameters }: ScanRequest) => {
  let answer: ScanAnswer;
  try {
    answer = { id, ...connection.allValues(sql, parameters) };
  } catch (error) {
    answer = { id, error: error as Error };
  }
  parentPort?.postMessage(answer);
});

const ready: ScanAnswer = { id: READY, columns: [], rows: [] };
parentPort?.postMessage(ready);

/** One that fails, for a full disk, is made up for by the next: reads go on without it. */
function checkpoint(): void {
  try {
    connection.execute('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // The writer meets the same trouble, and is the one to report it.
  }
}

setInterval(checkpoint, checkpointEveryMillis).unref();
