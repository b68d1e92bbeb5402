import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Api, openApi, persist, setUp } from '../api.ts';
import type { ServerName } from '../options.ts';
import { PREFECT_COMMAND } from '../servers/ours.ts';
import { referenceCommand } from '../servers/reference.ts';
import { cleanEnvironment, type ServerProcess } from '../servers/server-process.ts';
import { until } from '../until.ts';
import { Samples, type Trial, type TrialContext } from './trial.ts';

const FLOWS = fileURLToPath(new URL('../flows', import.meta.url));
const FIRST_LINE_WITHIN = 60_000;
/** A worker needs a moment to prepare the next process. */
const LULL = 700;

/** One way for a run to get its process. */
interface Way {
  readonly what: string;
  readonly server: ServerName;
  readonly entrypoint: string;
  readonly times: number;
  readonly warmProcesses: number;
}

const TYPESCRIPT = { server: 'ours', entrypoint: 'first-line.ts:firstLine' } as const;
const PYTHON = { server: 'ours', entrypoint: 'first_line.py:first_line' } as const;
const WAYS: readonly Way[] = [
  { ...TYPESCRIPT, what: 'TypeScript, warm', times: 200, warmProcesses: 1 },
  { ...TYPESCRIPT, what: 'TypeScript, cold', times: 20, warmProcesses: 0 },
  { ...PYTHON, what: 'Python, warm', times: 200, warmProcesses: 1 },
  { ...PYTHON, what: 'Python, cold', times: 5, warmProcesses: 0 },
  { ...PYTHON, what: 'Python, cold', server: 'reference', times: 3, warmProcesses: 0 },
];

/** From asking for a run of a deployment to the first line of the flow's code, in a process that a worker starts, or has prepared. */
export const firstLine: Trial = {
  name: 'first-line',
  async run(context) {
    const samples = new Samples('first-line');
    const { options } = context;
    // Our server runs Python flows, too, when a Python environment is named.
    const referenceVenv = context.referenceVenv ?? options.referenceVenv;
    for (const way of WAYS) {
      const needsPython = way.entrypoint.includes('.py:');
      if (options.servers.includes(way.server) && !(needsPython && referenceVenv === undefined)) {
        await runTimes(way, referenceVenv, context, samples);
      }
    }
    return samples.rows();
  },
};

async function runTimes(way: Way, venv: string | undefined, context: TrialContext, samples: Samples): Promise<void> {
  const server = await context.start(way.server);
  const api = openApi(server.apiUrl);
  const worker = startWorker(way, server, venv);
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
      entrypoint: way.entrypoint,
      parameters: { file },
    });
    await untilWorkerIsOnline(api);
    // The first run only makes the worker prepare for its language.
    for (let time = 0; time <= way.times; time += 1) {
      if (way.warmProcesses > 0) await sleep(time === 1 ? 10 * LULL : LULL);
      const startedAt = Date.now();
      const run = await setUp(api, `/deployments/${deploymentId}/create_flow_run`, {});
      const mark = await readMark(file, time);
      if (time > 0) samples.add(way.what, 'ms', way.server, mark - startedAt);
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

function startWorker(way: Way, server: ServerProcess, venv: string | undefined): ChildProcess {
  const reference = venv === undefined ? undefined : referenceCommand(venv);
  const [command, ...args] =
    way.server === 'reference' && reference !== undefined ? [reference] : [process.execPath, PREFECT_COMMAND];
  return spawn(command, [...args, 'worker', 'start', '--pool', 'bench', '--type', 'process'], {
    env: {
      ...cleanEnvironment(),
      ...(venv === undefined ? {} : { PREFECT_PYTHON: join(venv, 'bin', 'python') }),
      PREFECT_HOME: server.home,
      PREFECT_API_URL: server.apiUrl,
      PREFECT_WORKER_WARM_PROCESSES: String(way.warmProcesses),
    },
    stdio: 'ignore',
  });
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
