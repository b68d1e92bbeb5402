import { parentPort, workerData } from 'node:worker_threads';
import { SqliteConnection } from './connection.ts';
import type { ScanAnswer, ScanRequest } from './scan-thread.ts';

/** The thread behind {@link ScanThread}: runs reads, and between them moves the log into the database file. */
const { databasePath, checkpointEveryMillis } = workerData as { databasePath: string; checkpointEveryMillis: number };
const connection = new SqliteConnection(databasePath, { readOnly: false });

parentPort?.on('message', ({ id, sql, parameters }: ScanRequest) => {
  let answer: ScanAnswer;
  try {
    answer = { id, ...connection.allValues(sql, parameters) };
  } catch (error) {
    answer = { id, error: error as Error };
  }
  parentPort?.postMessage(answer);
});

setInterval(() => connection.execute('PRAGMA wal_checkpoint(PASSIVE)'), checkpointEveryMillis).unref();
