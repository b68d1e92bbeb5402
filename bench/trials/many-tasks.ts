import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Api, openApi, persist } from '../api.ts';
import type { ServerName } from '../options.ts';
import { cleanEnvironment } from '../servers/server-process.ts';
import { until } from '../until.ts';
import { succeed } from './cli-version.ts';
import { Samples, type Trial, type TrialContext } from './trial.ts';

const FLOW = fileURLToPath(new URL('../flows/many-tasks.ts', import.meta.url));
const PYTHON_FLOW = fileURLToPath(new URL('../flows/many_tasks.py', import.meta.url));
/** The reference gets a small part of the tasks, for its patience; compare the numbers per 1,000 tasks. */
const PART_FOR_REFERENCE = 30;

/** One flow with thousands of trivial tasks, in its own process, until every task run can be read as completed. */
export const manyTasks: Trial = {
  name: 'many-tasks',
  async run(context) {
    const samples = new Samples('many-tasks');
    const { servers, tasks } = context.options;
    if (servers.includes('ours')) await runFlow('ours', process.execPath, [FLOW], tasks, context, samples);
    if (context.referenceVenv !== undefined) {
      const python = join(context.referenceVenv, 'bin', 'python');
      await runFlow('reference', python, [PYTHON_FLOW], Math.ceil(tasks / PART_FOR_REFERENCE), context, samples);
    }
    return samples.rows();
  },
};

async function runFlow(
  name: ServerName,
  command: string,
  args: readonly string[],
  tasks: number,
  context: TrialContext,
  samples: Samples,
): Promise<void> {
  const server = await context.start(name);
  const api = openApi(server.apiUrl);
  try {
    const cpuBefore = server.usage().cpuMillis;
    const startedAt = performance.now();
    await succeed(
      spawn(command, [...args, String(tasks)], {
        env: {
          ...cleanEnvironment(),
          PREFECT_HOME: server.home,
          PREFECT_API_URL: server.apiUrl,
          PREFECT_LOGGING_LEVEL: 'WARNING',
        },
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    );
    samples.add('flow process, whole', 's', name, (performance.now() - startedAt) / 1000);
    await untilCompleted(api, tasks);
    const seconds = (performance.now() - startedAt) / 1000;
    samples.add('until all task runs are visible', 's', name, seconds);
    samples.add('the same per 1,000 tasks', 's', name, (seconds / tasks) * 1000);
    samples.add('server CPU per 1,000 tasks', 'ms', name, (server.usage().cpuMillis - cpuBefore) / (tasks / 1000));
  } finally {
    api.close();
    await server.stop();
  }
}

async function untilCompleted(api: Api, tasks: number): Promise<void> {
  const body = { task_runs: { state: { type: { any_: ['COMPLETED'] } } } };
  await until(
    `${tasks} completed task runs`,
    async () => Number(await persist(() => api.post('/task_runs/count', body))) >= tasks,
    120_000,
  );
}
