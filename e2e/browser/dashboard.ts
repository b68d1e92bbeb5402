import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, type RunnerTestCase } from 'vitest';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { launchBrowser, Visit, type VisitOptions } from './browser.ts';
import { type Seeded, seed } from './seed.ts';

/** Where a failed test leaves what its pages looked like. */
const FAILURES = fileURLToPath(new URL('../../.cache/browser-failures/', import.meta.url));

/** A server of its own for the tests of a file, and a browser that visits its dashboard. */
export interface Dashboard {
  readonly server: ServerProcess;
  /** What {@link seed} has put there. */
  readonly seeded: Seeded;
  /** Opens a page of the dashboard; it is closed when the test ends. */
  open(path: string, options?: VisitOptions): Promise<Visit>;
}

/**
 * Starts server and browser before the first test of a file and ends them after the last. A test that fails leaves pictures of its pages and what
 * they said in `.cache/browser-failures`.
 */
export function useDashboard({ empty = false }: { readonly empty?: boolean } = {}): Dashboard {
  let server: ServerProcess | undefined;
  let browser: Browser | undefined;
  let seeded: Seeded | undefined;
  let visits: Visit[] = [];

  beforeAll(async () => {
    [server, browser] = await Promise.all([aServerProcess(), launchBrowser()]);
    await server.start();
    if (!empty) seeded = await seed(server);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await Promise.all(visits.map((visit, index) => keepPicture(task, visit, index)));
    await Promise.all(visits.map((visit) => visit.close()));
    visits = [];
  });
  afterAll(async () => {
    await browser?.close();
    await server?.remove();
  });

  return {
    get server() {
      return started(server);
    },
    get seeded() {
      return started(seeded);
    },
    async open(path, options) {
      const visit = await Visit.open(started(browser), started(server).url, path, options);
      visits.push(visit);
      return visit;
    },
  };
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('This is there once the tests of the file run.');
  return part;
}

async function keepPicture(task: Readonly<RunnerTestCase>, visit: Visit, index: number): Promise<void> {
  mkdirSync(FAILURES, { recursive: true });
  const name = join(FAILURES, `${task.file.name} ${task.name} ${index}`.replaceAll(/[^\w.-]+/g, '-'));
  await visit.page.screenshot({ path: `${name}.png` });
  const told = [visit.page.url(), ...visit.problems, ...visit.apiRequests];
  writeFileSync(`${name}.txt`, `${told.join('\n')}\n`);
  console.error(`The page of the failed test: ${name}.png`);
}
