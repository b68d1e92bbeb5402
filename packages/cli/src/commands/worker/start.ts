import type { WorkerClass } from '@prefect-ts/worker';
import { hasStatus } from '../../answers.ts';
import { choice, command, decimal, flag, integer, many, positive, text, toggle, value } from '../../command.ts';
import { CommandError, complaintOf } from '../../errors.ts';
import { readJsonFile } from '../../files.ts';
import type { Session } from '../../session.ts';

export const start = command({
  summary: 'Start a worker: it takes runs of a work pool and starts them',
  options: {
    name: text('-n, --name <name>', 'Name of the worker'),
    pool: text('-p, --pool <name>', 'Work pool to take runs from'),
    workQueue: many('-q, --work-queue <name>', 'Only from this queue; may repeat'),
    type: text('-t, --type <type>', 'Type of the worker (default: that of the pool)'),
    prefetchSeconds: value('--prefetch-seconds <n>', 'How long before its time a run is taken', decimal),
    runOnce: flag('--run-once', 'Take what is due once, run it, and end'),
    limit: value('-l, --limit <n>', 'How many runs may be under way at once', positive),
    warmProcesses: value('--warm-processes <n>', 'Processes to prepare for the next runs; 0 starts all cold', integer),
    withHealthcheck: flag('--with-healthcheck', 'Answer health checks over HTTP'),
    installPolicy: choice('--install-policy <policy>', 'Accepted for scripts; workers of all types are built in', [
      'always',
      'if-not-present',
      'never',
      'prompt',
    ] as const),
    baseJobTemplate: text('--base-job-template <file>', 'JSON file with the template of a pool that is created'),
    createPoolIfNotFound: toggle('create-pool-if-not-found', 'Create the pool where it is missing', true),
  },
  async run({ options, session }) {
    const { pool } = options;
    if (pool === undefined) throw new CommandError("Missing required option '--pool' / '-p'.");
    const settings = await session.settings();
    const jobTemplate = options.baseJobTemplate === undefined ? undefined : await readJsonFile(options.baseJobTemplate);
    const workerClass = await workerOfType(await chooseType(session, pool, options.type, options.workQueue));
    const { runWorker } = await import('@prefect-ts/worker');
    const { consoleLogger, supervisorClient } = await import('prefect-ts/runner');
    const debug = settings.get('PREFECT_WORKER_DEBUG_MODE') || settings.get('PREFECT_DEBUG_MODE');
    const client = supervisorClient(settings);
    await runWorker(workerClass, {
      client,
      pool,
      name: options.name,
      queues: options.workQueue,
      limit: options.limit,
      prefetchSeconds: options.prefetchSeconds ?? settings.get('PREFECT_WORKER_PREFETCH_SECONDS'),
      querySeconds: settings.get('PREFECT_WORKER_QUERY_SECONDS'),
      heartbeatSeconds: settings.get('PREFECT_WORKER_HEARTBEAT_SECONDS'),
      createPool: options.createPoolIfNotFound,
      jobTemplate,
      cancelPending: settings.get('PREFECT_WORKER_ENABLE_CANCELLATION'),
      runOnce: options.runOnce,
      warmProcesses: options.warmProcesses ?? settings.get('PREFECT_WORKER_WARM_PROCESSES'),
      health: options.withHealthcheck
        ? { host: settings.get('PREFECT_WORKER_WEBSERVER_HOST'), port: settings.get('PREFECT_WORKER_WEBSERVER_PORT') }
        : undefined,
      settings: { ...settings.toEnvironment(), PREFECT_API_URL: client.apiUrl },
      log: consoleLogger('prefect.flow_runs.worker', { level: debug ? 'debug' : 'info' }),
      print: (line) => session.out.line(line),
    });
  },
});

/** The type that was asked for, else that of the pool; says on the way what a person should know about the pool. */
async function chooseType(session: Session, pool: string, asked: string | undefined, queues: readonly string[]): Promise<string> {
  const { out } = session;
  const client = await session.client();
  try {
    const { is_paused, type } = await client.call('GET /work_pools/{name}', { path: { name: pool } });
    if (is_paused) {
      out.line(
        out.colors.yellow(
          `The work pool '${pool}' is currently paused. This worker will not execute any flow runs until the work pool is unpaused.`,
        ),
      );
    } else await tellPausedQueues(session, pool, queues);
    if (asked !== undefined) return asked;
    if (/:(push|managed)$/.test(type)) {
      throw new CommandError('Workers are not required for push work pools.', `The server itself starts the runs of '${pool}'.`);
    }
    out.line(`Discovered worker type '${type}' for work pool '${pool}'.`);
    return type;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    // With a type given, the worker waits for the server by itself.
    if (asked !== undefined) return asked;
    if (!hasStatus(error, 404)) throw unreachable(error);
    out.line(
      out.colors.yellow(`Work pool '${pool}' does not exist and no worker type was provided. Starting a process worker...`),
    );
    return 'process';
  }
}

function unreachable(error: unknown): CommandError {
  const { message, hint } = complaintOf(error);
  return new CommandError(
    message,
    [hint, 'With --type a worker starts all the same, and waits for the server.'].filter(Boolean).join('\n'),
  );
}

async function tellPausedQueues(session: Session, pool: string, names: readonly string[]): Promise<void> {
  const client = await session.client();
  const found = await client.call('POST /work_pools/{work_pool_name}/queues/filter', {
    path: { work_pool_name: pool },
    body: {},
  });
  const chosen = names.length === 0 ? found : found.filter(({ name }) => names.includes(name));
  if (chosen.length === 0 || chosen.some(({ is_paused }) => !is_paused)) return;
  const which = names.length === 0 ? 'All work queues' : 'Specified work queue(s)';
  session.out.line(
    session.out.colors.yellow(
      `${which} in the work pool '${pool}' are currently paused. This worker will not execute any flow runs until the work queues are unpaused.`,
    ),
  );
}

async function workerOfType(type: string): Promise<WorkerClass> {
  const { findWorkerClass, WORKER_TYPE_NAMES } = await import('@prefect-ts/worker');
  const found = await findWorkerClass(type);
  if (found) return found;
  throw new CommandError(
    `Unable to start worker: there is no worker of type '${type}' here.`,
    `Types of this installation: ${WORKER_TYPE_NAMES.join(', ')}.`,
  );
}
