import { fileURLToPath } from 'node:url';
import { databaseEnvironment, type ServerProcess, startServerProcess } from './server-process.ts';

/** The command of this project, as a user runs it. */
export const PREFECT_COMMAND = fileURLToPath(new URL('../../packages/cli/bin/prefect.js', import.meta.url));

/** Starts our server; `nodeOptions` go to Node itself, as `--cpu-prof` does. Without a database URL it keeps everything in its folder. */
export function startOurs(nodeOptions: readonly string[] = [], databaseUrl?: string): Promise<ServerProcess> {
  return startServerProcess((port) => ({
    command: process.execPath,
    args: [...nodeOptions, PREFECT_COMMAND, 'server', 'start', '--port', String(port)],
    env: databaseEnvironment(databaseUrl),
  }));
}
