import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

export interface HealthServerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  isHealthy: () => boolean;
  /** What an unhealthy process answers. */
  unhealthyMessage: string;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers `GET /health` with 200 or 503, for the platform that watches over the process. */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  // Only here: to import it takes 20 ms, because all that it exports is made then.
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const known = request.method === 'GET' && request.url === '/health';
    const healthy = options.isHealthy();
    const message = known ? (healthy ? 'OK' : options.unhealthyMessage) : 'Not Found';
    response.writeHead(known ? (healthy ? 200 : 503) : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message }));
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
