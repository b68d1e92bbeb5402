import { inspect } from 'node:util';
import { type FlowRunResponse, isUuid } from '@prefect-ts/protocol';
import { RunSuspended } from '../context/abort.ts';
import { loadFlow } from '../entrypoints/load-flow.ts';
import { PrefectError } from '../errors.ts';
import type { FlowDefinition } from '../flows/definition.ts';
import { flowDefinitionOf } from '../flows/flow.ts';
import { RunLogger } from '../logging/run-logger.ts';
import { type Session, sessionFor } from '../session/session.ts';
import { loadSettings } from '../settings/load.ts';
import type { State } from '../states/state.ts';
import { ControlClient } from './control-client.ts';
import { policyOf } from './create-flow-run.ts';
import { keepDeploymentLease } from './deployment-lease.ts';
import { driveFlowRun } from './flow-engine.ts';
import { FlowRunScope } from './flow-scope.ts';
import { guarded } from './process-guard.ts';
import { RunAborted } from './propose.ts';
import { watchForSuspension } from './suspension-watch.ts';

export interface ExecuteOptions {
  /** Default: those of the process. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly session?: Session | undefined;
  /** Brings the code of the run into reach and names its entrypoint, instead of the environment and the deployment. */
  readonly prepare?: ((run: FlowRunResponse, session: Session) => Promise<{ entrypoint: string; directory: string }>) | undefined;
}

/**
 * Executes a flow run that exists, as a worker or runner asks for it (contract, SDK 5.2).
 *
 * @returns the exit code of the process: 0 when nothing is left to report, 1 when the run failed without anybody having taken note, or
 * could not be loaded
 */
export async function executeFlowRun(flowRunId: string, options: ExecuteOptions = {}): Promise<number> {
  const { env = process.env } = options;
  const control = ControlClient.fromEnvironment(env);
  if (!isUuid(flowRunId)) {
    process.stderr.write(`${JSON.stringify(flowRunId)} is no id of a flow run; set PREFECT__FLOW_RUN_ID.\n`);
    return 1;
  }
  const session = options.session ?? sessionFor(loadSettings({ env }));
  const run = session.client.call('GET /flow_runs/{id}', { path: { id: flowRunId } });
  try {
    return await executeLoaded(session, await loadRun(session, run, options, env), control);
  } catch (error) {
    if (!(error instanceof LoadFailure)) throw error;
    reportLoadFailure(session, flowRunId, error);
    await session.flush();
    return 1;
  } finally {
    control?.close();
  }
}

interface LoadedRun {
  readonly run: FlowRunResponse;
  readonly flow: FlowDefinition;
  readonly deploymentName: string | undefined;
}

/** The code of the flow could not be loaded. */
class LoadFailure extends PrefectError {}

async function loadRun(
  session: Session,
  reading: Promise<FlowRunResponse>,
  options: ExecuteOptions,
  env: NodeJS.ProcessEnv,
): Promise<LoadedRun> {
  const entrypoint = env.PREFECT__FLOW_ENTRYPOINT;
  // The code loads while the server answers.
  const early = entrypoint && !options.prepare ? loadFlow(entrypoint) : undefined;
  early?.catch(() => {});
  const run = await reading;
  const [deployment, flow] = await Promise.all([
    readDeployment(session, run, env),
    early ?? loadLate(session, run, options),
  ]).catch((error: unknown) => {
    throw new LoadFailure(error instanceof Error ? error.message : String(error), { cause: error });
  });
  return { run, flow: flowDefinitionOf(flow), deploymentName: deployment };
}

async function loadLate(session: Session, run: FlowRunResponse, options: ExecuteOptions) {
  if (options.prepare) {
    const { entrypoint, directory } = await options.prepare(run, session);
    return loadFlow(entrypoint, directory);
  }
  const deployment =
    run.deployment_id === null
      ? undefined
      : await session.client.call('GET /deployments/{id}', { path: { id: run.deployment_id } });
  if (!deployment?.entrypoint) {
    throw new LoadFailure(`Flow run '${run.name}' does not say where its code is.`, {
      hint: 'Set PREFECT__FLOW_ENTRYPOINT to path:name, or deploy the flow with an entrypoint.',
    });
  }
  return loadFlow(deployment.entrypoint);
}

async function readDeployment(session: Session, run: FlowRunResponse, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!run.deployment_id) return undefined;
  if (env.PREFECT__DEPLOYMENT_NAME) return env.PREFECT__DEPLOYMENT_NAME;
  const deployment = await session.client.call('GET /deployments/{id}', { path: { id: run.deployment_id } });
  return deployment.name;
}

async function executeLoaded(session: Session, loaded: LoadedRun, control: ControlClient | undefined): Promise<number> {
  const { flow, deploymentName } = loaded;
  return guarded(
    async () => {
      const run = await fillPolicy(session, loaded.run, flow);
      const parentNode = session.node;
      const scope = new FlowRunScope({
        flow,
        run,
        parameters: run.parameters,
        session,
        parent: undefined,
        parentNode,
        deploymentName,
      });
      const releaseLease = keepDeploymentLease(scope);
      const stopWatching = run.deployment_id === null ? () => {} : watchForSuspension(scope);
      try {
        const state = await driveFlowRun(scope, { session, tags: [] });
        await session.flush();
        return await concludeWith(state, control);
      } catch (error) {
        if (!(error instanceof RunAborted || error instanceof RunSuspended)) throw error;
        await session.flush();
        if (error instanceof RunAborted) await control?.sendReceipt('aborted');
        return 0;
      } finally {
        releaseLease();
        stopWatching();
      }
    },
    { intent: () => control?.intent },
  );
}

/** The flow's retries count where the run says nothing about them. */
async function fillPolicy(session: Session, run: FlowRunResponse, flow: FlowDefinition): Promise<FlowRunResponse> {
  const own = policyOf(flow, session);
  const policy = run.empirical_policy;
  const version = flow.version ?? null;
  if (policy.retries !== null && policy.retry_delay !== null && run.flow_version === version) return run;
  const empirical_policy = {
    ...policy,
    retries: policy.retries ?? own.retries,
    retry_delay: policy.retry_delay ?? own.retry_delay,
  };
  await session.client.call('PATCH /flow_runs/{id}', {
    path: { id: run.id },
    body: { flow_version: version, empirical_policy },
  });
  return { ...run, flow_version: version, empirical_policy };
}

async function concludeWith(state: State, control: ControlClient | undefined): Promise<number> {
  if (state.isFinal() && (await control?.sendReceipt(state))) return 0;
  if (state.isCancelled() && control?.intent === 'cancel') return 0;
  return state.isFailed() || state.isCrashed() ? 1 : 0;
}

function reportLoadFailure(session: Session, flowRunId: string, failure: LoadFailure): void {
  const target = { name: 'prefect.flow_runs', flowRunId, taskRunId: null, label: () => `Flow run '${flowRunId}'` } as const;
  new RunLogger(session, target).error(`Unexpected exception encountered when trying to load flow\n${explain(failure)}`);
}

/** Our own errors say enough by their message; of an error in user code the stack tells where. */
function explain(failure: LoadFailure): string {
  const cause = failure.cause ?? failure;
  if (!(cause instanceof PrefectError)) return inspect(cause);
  return cause.cause === undefined
    ? `${cause.name}: ${cause.message}`
    : `${cause.name}: ${cause.message}\n${inspect(cause.cause)}`;
}
