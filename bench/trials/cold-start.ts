import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Api, openApi, persist, setUp } from '../api.ts';
import type { ServerName } from '../options.ts';
import { PREFECT_COMMAND } from '../servers/ours.ts';
import { referenceCommand } from '../servers/reference.ts';
import { cleanEnvironment } from '../servers/server-process.ts';
import { until } from '../until.ts';
import { Samples, type Trial, type TrialContext } from './trial.ts';

const FLOWS = fileURLToPath(new URL('../flows', import.meta.url));
const TIMES = { ours: 20, reference: 3 };
const FIRST_LINE_WITHIN = 60_000;

/** From asking for a run of a deployment to the first line of the flow's code, in a process that a worker starts for it. */
export const coldStart: Trial = {
  name: 'cold-start',
  async run(context) {
    const samples = new Samples('cold-start');
    if (context.options.servers.includes('ours')) {
      await runTimes(TIMES.ours, 'ours', process.execPath, [PREFECT_COMMAND], 'first-line.ts:firstLine', context, samples);
    }
    if (context.referenceVenv !== undefined) {
      const command = referenceCommand(context.referenceVenv);
      await runTimes(TIMES.reference, 'reference', command, [], 'first_line.py:first_line', context, samples);
    }
    return samples.rows();
  },
};

async function runTimes(
  times: number,
  name: ServerName,
  command: string,
  args: readonly string[],
  entrypoint: string,
  context: TrialContext,
  samples: Samples,
): Promise<void> {
  const server = await context.start(name);
  const api = openApi(server.apiUrl);
  const worker = spawn(command, [...args, 'worker', 'start', '--pool', 'bench', '--type', 'process'], {
    env: { ...cleanEnvironment(), PREFECT_HOME: server.home, PREFECT_API_URL: server.apiUrl },
    stdio: 'ignore',
  });
  const workerEnded = once(worker, 'exit');
  try {
    await setUp(api, '/work_pools/', { name: 'bench', type: 'process' });
    const flow_id = await setUp(api, '/flows/', { name: 'first-line' });
    const file = join(server.home, 'marks');
    const deploymentId = await setUp(api, '/deployments/', {
      name: 'bench',
      flow_id,
      work_pool_name: 'bench',
      path: FLOWS,
      entrypoint,
      parameters: { file },
    });
    await untilWorkerIsOnline(api);
    for (let time = 0; time < times; time += 1) {
      const startedAt = Date.now();
      const run = await setUp(api, `/deployments/${deploymentId}/create_flow_run`, {});
      const mark = await readMark(file, time);
      samples.add('deployment run to first line', 'ms', name, mark - startedAt);
      await until(`run ${run} to end`, async () =>
        (await persist(() => api.get(`/flow_runs/${run}`))).includes('"state_type":"COMPLETED"'),
      );
    }
  } finally {
    worker.kill('SIGINT');
    await workerEnded;
    api.close();
    await server.stop();
  }
}

async function untilWorkerIsOnline(api: Api): Promise<void> {
  await until('the worker to be online', async () =>
    (await persist(() => api.post('/work_pools/bench/workers/filter', {}))).includes('"ONLINE"'),
  );
}

/** The time that the flow wrote, once it has. */
async function readMark(file: string, line: number): Promise<number> {
  const deadline = Date.now() + FIRST_LINE_WITHIN;
  while (Date.now() < deadline) {
    const mark = existsSync(file) ? readFileSync(file, 'utf8').split('\n')[line] : undefined;
    if (mark) return Number(mark);
    await sleep(20);
  }
  throw new Error(`Run ${line + 1} did not reach its first line in ${FIRST_LINE_WITHIN / 1000} s.`);
}
