import { readServerSettings, startServer } from './index.ts';

// A server on its own, told by its environment; `prefect server start` is the comfortable way.
const server = await startServer(readServerSettings(process.env));
console.log(`Listening on ${server.url}, API at ${server.apiUrl}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    await server.stop();
    process.exit(0);
  });
