import {
  applies,
  CONFORMANCE_CASES,
  type ConformanceCase,
  type ConformanceOutcome,
  type ConformanceSession,
  conformanceTable,
  openConformance,
} from '@prefect-ts/worker/conformance';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { aServerProcess } from '../server-process.ts';
import { startDockerEngine } from './docker-engine.ts';
import { dockerTarget } from './docker-target.ts';
import { processTarget } from './process-target.ts';

// A worker that is gone is to be noticed within seconds.
const server = await aServerProcess({ environment: { PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS: '1' } });
const [engine] = await Promise.all([startDockerEngine(), server.start()]);
const outcomes = new Map<string, Map<ConformanceCase, ConformanceOutcome>>();

afterAll(async () => {
  console.log(`\n${conformanceTable(outcomes)}\n`);
  await engine.stop();
  await server.remove();
});

describe.each([processTarget, dockerTarget(engine)])('$type', (target) => {
  const told = new Map<ConformanceCase, ConformanceOutcome>();
  outcomes.set(target.type, told);
  let session: ConformanceSession;
  beforeAll(async () => {
    session = await openConformance({ target, serverUrl: server.url });
  });
  afterAll(() => session[Symbol.asyncDispose]());

  for (const conformanceCase of CONFORMANCE_CASES) {
    const isMeant = applies(conformanceCase, target);
    told.set(conformanceCase, isMeant ? 'failed' : 'does not apply');
    if (!isMeant) continue;
    test.concurrent(`${conformanceCase.group}: ${conformanceCase.name}`, async () => {
      await session.check(conformanceCase);
      told.set(conformanceCase, 'passed');
    });
  }
});
