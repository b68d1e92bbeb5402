import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runInContext } from '../src/context/context.ts';
import { RecordingServer } from './recording-server.ts';

/** A recording server, a folder for results, and a way to run code against them; gone when the test is over. */
export async function aServer(settings: Record<string, string> = {}) {
  const server = await RecordingServer.start();
  const storage = await mkdtemp(join(tmpdir(), 'prefect-ts-results-'));
  const session = server.session({ PREFECT_RESULTS_LOCAL_STORAGE_PATH: storage, ...settings });
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await rm(storage, { recursive: true });
  });
  return {
    server,
    session,
    storage,
    /** Runs code whose flows and tasks report to the server. */
    within: <T>(work: () => T): T => runInContext({ session, tags: [] }, work),
  };
}
