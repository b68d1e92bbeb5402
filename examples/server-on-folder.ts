import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServerSettings, startServer } from '@prefect-ts/server';

/** A server for one test file: a free port, a folder of its own. */
export interface ServerOnFolder {
  readonly apiUrl: string;
  /** What tells flows and commands of the server. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts a server that the tests of the examples have for themselves. */
export async function startServerOnFolder(): Promise<ServerOnFolder> {
  const home = await mkdtemp(join(tmpdir(), 'examples-'));
  const server = await startServer(
    readServerSettings({ PREFECT_HOME: home, PREFECT_SERVER_API_PORT: '0', PREFECT_SERVER_UI_ENABLED: 'false' }),
  );
  return {
    apiUrl: server.apiUrl,
    environment: { PREFECT_HOME: home, PREFECT_API_URL: server.apiUrl },
    async stop() {
      await server.stop();
      await rm(home, { recursive: true });
    },
  };
}
