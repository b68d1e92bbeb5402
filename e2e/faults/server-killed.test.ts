import { afterAll, beforeAll, expect, it } from 'vitest';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { Load } from './load.ts';

const KILLS = 50;
/** A start takes seconds on a machine that is busy. */
const PATIENCE_MS = 600_000;

let server: ServerProcess;
beforeAll(async () => {
  server = await aServerProcess();
  await server.start();
});
afterAll(() => server.remove());

it(
  `loses, repeats and leaks nothing over ${KILLS} kills under load, and clients that try again carry on`,
  async () => {
    const load = new Load(server);
    await load.start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      await load.grown(1 + Math.floor(Math.random() * 20));
      await server.kill();
      await server.start();
    }
    await load.finish();
    expect(load.size).toBeGreaterThan(KILLS);
    console.log(`${load.size} runs lived through ${KILLS} kills`);
  },
  PATIENCE_MS,
);
