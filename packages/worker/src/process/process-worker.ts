import {
  COMPILE_CACHE,
  ControlChannel,
  type ControlLink,
  engineCommand,
  entrypointLanguage,
  runLateHooks,
  startProcess,
  superviseFlowRun,
  type WarmStart,
  warmStart,
} from 'prefect-ts/runner';
import { BaseWorker, type FlowRunToStart, type RunResult, type WorkerContext } from '../base-worker.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';
import { serverReferences } from '../job-template/references.ts';
import { splitWords } from '../steps/run-command.ts';
import { pullStepEvents } from './pull-step-events.ts';
import { processVariables } from './variables.ts';
import { prepareWorkspace, type Workspace } from './workspace.ts';

/** The job configuration of a process. */
export interface ProcessConfiguration extends JobConfiguration {
  stream_output?: boolean;
  working_dir?: string | null;
}

/** Runs flows as processes of its own machine, TypeScript and Python side by side. */
export class ProcessWorker extends BaseWorker<ProcessConfiguration> {
  static readonly type = 'process';
  static readonly description = 'Execute flow runs as processes on the machine of the worker.';
  static readonly variables = processVariables;
  readonly #control: Promise<ControlChannel>;
  #warm: WarmStart | undefined;

  constructor(context: WorkerContext) {
    super(context);
    this.#control = ControlChannel.open();
  }

  override async setUp(): Promise<void> {
    const { warmProcesses: size = 0 } = this.context;
    if (size > 0) this.#warm = warmStart({ size });
  }

  override async close(): Promise<void> {
    this.#warm?.close();
    (await this.#control).close();
  }

  override async run(
    flowRun: FlowRunToStart,
    config: ProcessConfiguration,
    started: (id: string) => void,
    signal: AbortSignal,
  ): Promise<RunResult> {
    const { client, log, cancellations, killSignal, graceSeconds, onShutdown = 'crash' } = this.context;
    const plan = planProcess(flowRun, config);
    const control = (await this.#control).admit();
    let workspace: Workspace | undefined;
    try {
      const env = childEnvironment(flowRun, config, control);
      workspace = await prepareWorkspace({
        deployment: flowRun.deployment,
        workingDir: config.working_dir ?? undefined,
        pull: plan.pull,
        references: serverReferences(client),
        env,
        onStep: pullStepEvents(client, flowRun),
      });
      const showOutput = config.stream_output !== false;
      const place = { cwd: workspace.directory, env, showOutput };
      const start = this.#warm?.start ?? startProcess;
      const child = await start({ ...plan.command(env), ...place });
      started(String(child.pid));
      const { status, ending } = await superviseFlowRun({
        client,
        flowRun,
        process: child,
        control,
        cancellations,
        signal,
        killSignal,
        onShutdown,
        ...(graceSeconds === undefined ? {} : { graceSeconds }),
        runHooks: plan.pull ? (hook) => runLateHooks(hook, place, killSignal) : undefined,
        log,
      });
      return { id: String(child.pid), exitCode: status, crashReported: ending === 'crashed' || ending === 'stopped' };
    } finally {
      control.close();
      await workspace?.remove();
    }
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** Chooses the program: the configured command, or the engine of the language that the flow is written in. */
function planProcess(flowRun: FlowRunToStart, config: ProcessConfiguration) {
  const { command } = config;
  if (command !== null) {
    const [program = '', ...args] = splitWords(command);
    return { pull: false, command: () => ({ command: program, args }) };
  }
  const language = entrypointLanguage(flowRun.deployment?.entrypoint ?? '');
  // Python's engine fetches its code itself.
  return { pull: language === 'typescript', command: (env: Env) => engineCommand(language, env) };
}

function childEnvironment(flowRun: FlowRunToStart, config: ProcessConfiguration, control: ControlLink): Env {
  const { deployment } = flowRun;
  const isTypeScript = deployment?.entrypoint ? entrypointLanguage(deployment.entrypoint) === 'typescript' : false;
  const env: Record<string, string | undefined> = {
    // Node keeps what it compiled, so the next run starts sooner.
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    // The worker has compared versions with the server; its runs need not.
    PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED: 'false',
    ...process.env,
    ...withoutNulls(config.env),
    ...control.env,
    PREFECT__FLOW_RUN_ID: flowRun.id,
    ...(deployment?.entrypoint && isTypeScript ? { PREFECT__FLOW_ENTRYPOINT: deployment.entrypoint } : {}),
  };
  for (const [name, value] of Object.entries(config.env)) if (value === null) delete env[name];
  return env;
}

function withoutNulls(env: Readonly<Record<string, string | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null));
}
