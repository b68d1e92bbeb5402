import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const LIMIT_SERVER = fileURLToPath(new URL('../limit-server.ts', import.meta.url));

/** Starts the bare server that shows what this machine can do at best; `nodeOptions` go to Node itself. */
export function startLimit(nodeOptions: readonly string[] = []): Promise<ServerProcess> {
  return startServerProcess((port, home) => ({
    command: process.execPath,
    args: [...nodeOptions, LIMIT_SERVER, home, String(port)],
  }));
}
