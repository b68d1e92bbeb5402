import { resolve } from 'node:path';
import type { ApiClient } from '../client/client.ts';
import { type RunningRunner, type ServedDeployment, startRunner } from '../runner/start-runner.ts';
import { supervisorClient } from '../runner/supervisor-client.ts';
import { loadSettings, type Settings } from '../settings/index.ts';
import { applyDeployment } from './apply-deployment.ts';
import { type Deployment, toDefinition } from './deployment.ts';
import { findEntrypoints } from './entrypoints.ts';
import { LOOKING_ONLY } from './exported-flows.ts';

export interface ServeOptions {
  /** How many runs may be under way at once; null: no limit. Default: as the settings say, 5. */
  readonly limit?: number | null | undefined;
  /** Whether schedules rest while nobody serves. Default true. */
  readonly pauseOnShutdown?: boolean | undefined;
  /** Whether to say how to start runs. Default true. */
  readonly printStartingMessage?: boolean | undefined;
  /** Default: those of the process. */
  readonly settings?: Settings | undefined;
  readonly print?: ((line: string) => void) | undefined;
}

/**
 * Registers deployments and executes their runs, each in a process of its own, until the program is interrupted.
 *
 * Where a module is loaded to run one of its flows, it does nothing.
 *
 * @example await serve([deployment(etl, 'nightly', { schedules: [cron('0 3 * * *')] })], { limit: 10 })
 */
export async function serve(deployments: Deployment | readonly Deployment[], options: ServeOptions = {}): Promise<void> {
  if (isLoadedForARun()) return;
  const { print = (line: string) => console.log(line) } = options;
  const runner = await startServing(deployments, options);
  const forgetSignals = stopOnSignals(runner, print);
  try {
    await runner.ended;
  } finally {
    forgetSignals();
  }
}

/** Registers deployments and starts to execute their runs; what `serve` waits for. */
export async function startServing(
  given: Deployment | readonly Deployment[],
  options: ServeOptions = {},
): Promise<RunningRunner> {
  const { settings = loadSettings(), print = (line: string) => console.log(line) } = options;
  const deployments = 'flowName' in given ? [given] : given;
  const directory = resolve('.');
  const entrypoints = await findEntrypoints(deployments, directory);
  const client = supervisorClient(settings);
  const served = await register(client, deployments, entrypoints, directory);
  if (options.printStartingMessage !== false) announce(deployments, served, settings, print);
  return startRunner({
    client,
    deployments: served,
    limit: options.limit === undefined ? settings.get('PREFECT_RUNNER_PROCESS_LIMIT') : options.limit,
    querySeconds: settings.get('PREFECT_RUNNER_POLL_FREQUENCY'),
    pauseOnShutdown: options.pauseOnShutdown,
    settings: settings.toEnvironment(),
  });
}

function register(
  client: ApiClient,
  deployments: readonly Deployment[],
  entrypoints: readonly string[],
  directory: string,
): Promise<ServedDeployment[]> {
  return Promise.all(
    deployments.map(async (deployment, index) => {
      const entrypoint = entrypoints[index] ?? '';
      // A deployment that was served before is paused, and one that was on a pool has to leave it.
      const extra = { path: '.', work_pool_name: null, paused: deployment.options.paused ?? false };
      const { id } = await applyDeployment(client, toDefinition(deployment, entrypoint, extra));
      return { id, name: deployment.name, entrypoint, directory };
    }),
  );
}

/** A module that serves at its top level is loaded again by each of its runs. */
function isLoadedForARun(): boolean {
  return process.env[LOOKING_ONLY] !== undefined || process.env.PREFECT__FLOW_RUN_ID !== undefined;
}

function announce(
  deployments: readonly Deployment[],
  served: readonly ServedDeployment[],
  settings: Settings,
  print: (line: string) => void,
): void {
  const [first] = deployments;
  if (first && deployments.length === 1) {
    print(`Your flow '${first.flowName}' is being served and polling for scheduled runs!`);
    print('\nTo trigger a run for this flow, use the following command:');
    print(`\n\t$ prefect deployment run '${first.flowName}/${first.name}'`);
    const ui = settings.get('PREFECT_UI_URL');
    if (ui) print(`\nYou can also run your flow via the Prefect UI: ${ui}/deployments/deployment/${served[0]?.id}\n`);
    return;
  }
  print('Your deployments are being served and polling for scheduled runs!\n');
  for (const { flowName, name } of deployments) print(`\t${flowName}/${name}`);
  print('\nTo trigger a run for any of these deployments, use the following command:');
  print('\n\t$ prefect deployment run [DEPLOYMENT_NAME]\n');
}

function stopOnSignals(runner: RunningRunner, print: (line: string) => void): () => void {
  let signals = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    signals += 1;
    print(`${signal} received, ${signals === 1 ? 'initiating graceful shutdown' : 'ending runs at once'}...`);
    void (signals === 1 ? runner.stop() : runner.kill());
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
