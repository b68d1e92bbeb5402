import { once } from 'node:events';

/** What a process that serves tasks tells of itself. */
export interface WorkerStatus {
  readonly client_id: string;
  readonly started_at: string;
  readonly stopping: boolean;
  /** null: no bound. */
  readonly limit: number | null;
  readonly current: number;
  readonly available: number | null;
  /** Keys of the tasks. */
  readonly tasks: readonly string[];
  readonly finished: number;
  /** Ids of the runs under way. */
  readonly in_flight: readonly string[];
}

/** Answers `GET /status` on a port of this machine. */
export async function serveStatus(port: number, status: () => WorkerStatus): Promise<{ close(): Promise<void> }> {
  // Only here: to import it takes 20 ms, because all that it exports is made then.
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const known = request.url === '/status';
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(known ? status() : { detail: 'Not Found' }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}
