/**
 * The second half of `npm run quickstart`, once everything is installed: starts a server and a worker on a throw-away folder, deploys the
 * examples, runs them and shows what came out. Every step is what a person would type; the commands stand beside the lines.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './outcomes.ts';
import { runExamples } from './run-examples.ts';
import { showFindings, showOutcomes } from './show-outcomes.ts';
import { dim, heading, StepError, step, tellFailure } from './steps.js';
import { System } from './system.ts';

const POOL = 'my-pool';
const began = performance.now();
const keep = process.argv.includes('--keep');
const interrupted = Promise.withResolvers<never>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.reject(new Interruption()));
}

const cache = fileURLToPath(new URL('../../.cache/quickstart', import.meta.url));
await mkdir(cache, { recursive: true });
const home = await mkdtemp(join(cache, 'home-'));
const system = new System(home, process.env.PREFECT_PYTHON ?? 'python3');
try {
  await Promise.race([demonstrate(), interrupted.promise]);
} catch (error) {
  if (error instanceof Interruption) process.exitCode = keep ? 0 : 130;
  else {
    tellFailure(error);
    process.exitCode = 1;
  }
} finally {
  await system.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}
console.log(`\nEverything is stopped${process.exitCode ? '' : `; ${((performance.now() - began) / 1000).toFixed(1)} s`}.`);
if (!keep && !process.exitCode) console.log('To look at it: npm run quickstart -- --keep. To go on: README.md, docs/guide, examples.');
process.exit();

/** The person had enough. */
class Interruption extends Error {}

async function demonstrate(): Promise<void> {
  heading('Starting');
  const { url, apiUrl } = await step(
    (server) => `server and dashboard on ${server.url}`,
    () => system.startServer(),
    'prefect server start',
  );
  const createPool = ['work-pool', 'create', '--type', 'process', POOL];
  await step(`work pool ${POOL}`, () => system.prefect(createPool), `prefect ${createPool.join(' ')}`);
  await Promise.all([
    step('worker', () => system.startWorker(POOL), `prefect worker start --pool ${POOL}`),
    step('3 deployments of examples/prefect.yaml', () => system.prefect(['deploy', '--all']), 'prefect deploy --all'),
  ]);

  heading('Running');
  const outcomes = await runExamples(apiUrl);

  heading('Finished runs');
  console.log(showOutcomes(outcomes));
  refuseFailures(outcomes);
  heading('What they found');
  for (const finding of showFindings(outcomes)) console.log(`  ${finding}`);
  heading(`Dashboard: ${url}`);
  for (const { flow, id, isPart } of outcomes) if (!isPart) console.log(`  ${flow.padEnd(18)} ${url}/runs/flow-run/${id}`);
  if (keep) await leaveRunning(apiUrl);
}

function refuseFailures(outcomes: readonly Outcome[]): void {
  const failed = outcomes.filter(({ completed }) => !completed).map(({ run, state }) => `${run} is ${state}`);
  if (failed.length === 0) return;
  throw new StepError(
    `Not every run completed: ${failed.join(', ')}`,
    `\`npm run quickstart -- --keep\` leaves the dashboard up to see why.`,
  );
}

async function leaveRunning(apiUrl: string): Promise<void> {
  console.log(`\nIt stays up until Ctrl-C. In another terminal, in this folder:\n`);
  console.log(`  export PREFECT_API_URL=${apiUrl}`);
  console.log(`  npx prefect deployment ls`);
  console.log(`  npx prefect deployment run weather/nightly --param 'cities=["New York"]' --watch`);
  console.log(dim(`\nWhat the worker prints: ${system.workerLog}`));
  await interrupted.promise;
}
