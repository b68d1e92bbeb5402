/**
 * The second half of `npm run quickstart`, once everything is installed: starts a server and a worker on a throw-away folder, deploys the
 * examples, runs them and shows what came out. Every step is what a person would type; the commands stand beside the lines.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dim, heading, StepError, step, tellFailure } from '../../tools/steps.js';
import type { Outcome } from './outcomes.ts';
import { runExamples } from './run-examples.ts';
import { showFindings, showOutcomes } from './show-outcomes.ts';
import { System } from './system.ts';

const POOL = 'my-pool';
/** What a shell calls an end by Ctrl-C. */
const INTERRUPTED = 130;
const keep = process.argv.includes('--keep');
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort());
const interrupted = once(interruption.signal, 'abort').then(() => (keep ? 0 : INTERRUPTED));

const cache = fileURLToPath(new URL('../../.cache/quickstart', import.meta.url));
await mkdir(cache, { recursive: true });
const home = await mkdtemp(join(cache, 'home-'));
const system = new System(home, process.env.PREFECT_PYTHON ?? 'python3', interruption.signal);

const code = await Promise.race([demonstrate(), interrupted]);
heading('Stopping');
await step('worker and server stopped, their folder removed', async () => {
  await system.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
});
if (!keep && code === 0) {
  console.log('\nTo look at it: npm run quickstart -- --keep');
  console.log('To go on:      README.md, docs/guide/getting-started.md, examples/');
}
process.exit(code);

/** Gives the exit code. */
async function demonstrate(): Promise<number> {
  try {
    const { url, apiUrl } = await startAll();
    heading('Running');
    const outcomes = await runExamples(apiUrl, interruption.signal);
    tell(outcomes, url);
    if (keep) {
      tellHowToGoOn(apiUrl);
      return interrupted;
    }
    refuseFailures(outcomes);
    return 0;
  } catch (error) {
    // What failed because everything was stopped is no news.
    if (!interruption.signal.aborted) tellFailure(error);
    return 1;
  }
}

async function startAll(): Promise<{ url: string; apiUrl: string }> {
  heading('Starting');
  const server = await step(
    ({ url }) => `server and dashboard on ${url}`,
    () => system.startServer(),
    'prefect server start',
  );
  const createPool = ['work-pool', 'create', '--type', 'process', POOL];
  await step(`work pool ${POOL}`, () => system.prefect(createPool), `prefect ${createPool.join(' ')}`);
  await Promise.all([
    step('worker', () => system.startWorker(POOL), `prefect worker start --pool ${POOL}`),
    step('deployments of examples/prefect.yaml', () => system.prefect(['deploy', '--all']), 'prefect deploy --all'),
  ]);
  return server;
}

function tell(outcomes: readonly Outcome[], url: string): void {
  heading('Finished runs');
  console.log(showOutcomes(outcomes));
  heading('What they found');
  for (const finding of showFindings(outcomes)) console.log(`  ${finding}`);
  heading(`Dashboard: ${url}`);
  for (const { flow, id, depth } of outcomes) if (depth === 0) console.log(`  ${flow.padEnd(18)} ${url}/runs/flow-run/${id}`);
}

function tellHowToGoOn(apiUrl: string): void {
  console.log('\nIt stays up until Ctrl-C. In another terminal, in this folder:\n');
  console.log(`  export PREFECT_API_URL=${apiUrl}`);
  console.log('  npx prefect deployment ls');
  console.log(`  npx prefect deployment run weather/nightly --param 'cities=["New York"]' --watch`);
  console.log(dim(`\nWhat the worker prints: ${system.workerLog}`));
}

function refuseFailures(outcomes: readonly Outcome[]): void {
  const failed = outcomes.filter(({ completed }) => !completed).map(({ run, state }) => `${run} is ${state}`);
  if (failed.length === 0) return;
  throw new StepError(
    `Not every run completed: ${failed.join(', ')}`,
    '`npm run quickstart -- --keep` leaves the dashboard up to see why.',
  );
}
