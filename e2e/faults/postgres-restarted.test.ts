import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../../tools/postgres.ts';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { Load } from './load.ts';

const CRASHES = 10;

let postgres: Postgres;
let server: ServerProcess;
beforeAll(async () => {
  postgres = await startPostgres();
  server = await aServerProcess({ environment: { PREFECT_API_DATABASE_CONNECTION_URL: postgres.url } });
  await server.start();
});
afterAll(async () => {
  await server.remove();
  await postgres.remove();
});

it(`loses, repeats and leaks nothing when PostgreSQL crashes ${CRASHES} times under load, and the server stays up`, async () => {
  const load = new Load(server);
  await load.start();
  for (let crash = 0; crash < CRASHES; crash += 1) {
    await load.grown(1 + Math.floor(Math.random() * 20));
    await postgres.crashAndStart();
  }
  await load.grown(10);
  await load.finish();
  expect(load.size).toBeGreaterThan(CRASHES);
  // The server that began is the one that still answers.
  expect(await server.stop()).toBe(0);
  console.log(`${load.size} runs lived through ${CRASHES} crashes of PostgreSQL`);
});
