import type { DeploymentResponse, FlowRun, State, WorkPoolResponse } from '@prefect-ts/protocol';
import { type ApiClient, ObjectNotFound } from 'prefect-ts/client';
import { type Logger, outlastDowntime, proposeState } from 'prefect-ts/runner';
import type { BaseWorker, FlowRunToStart, RunResult } from '../base-worker.ts';
import { configureRun } from './configure-run.ts';
import { proposeCrashed, reportEnd } from './report-end.ts';
import { relatedToRun, type WorkerEvents } from './worker-events.ts';

export interface SubmissionContext {
  client: ApiClient;
  log: Logger;
  worker: BaseWorker;
  workerName: string;
  workerType: string;
  pool: WorkPoolResponse;
  /** The worker's settings that its runs share. */
  settings: Readonly<Record<string, string>>;
  events: WorkerEvents;
  signal: AbortSignal;
  /** Called when the server has given the run to this worker. */
  onAccepted: () => void;
}

/**
 * Takes one run from Scheduled to its infrastructure and stays with it to its end (contract 10.4). The reads that its configuration needs
 * travel beside the proposal of Pending, and what is only told to the server travels beside the start: a start costs one round trip.
 */
export async function submitFlowRun(context: SubmissionContext, flowRun: FlowRun): Promise<void> {
  const { client, log, workerName } = context;
  log.info(`Worker '${workerName}' submitting flow run '${flowRun.id}'`);
  const [deployment, flow, accepted] = await Promise.all([
    readDeployment(client, flowRun.deployment_id),
    outlastDowntime(() => client.call('GET /flows/{id}', { path: { id: flowRun.flow_id } })),
    proposePending(context, flowRun),
  ]);
  if (deployment === 'deleted') return cancelOrphan(context, flowRun);
  if (!accepted) return;
  context.onAccepted();
  await startAndWatch(context, { ...flowRun, state: accepted, flow, deployment });
}

async function readDeployment(client: ApiClient, id: string | null): Promise<DeploymentResponse | 'deleted' | undefined> {
  if (id === null) return undefined;
  try {
    return await outlastDowntime(() => client.call('GET /deployments/{id}', { path: { id } }));
  } catch (error) {
    if (error instanceof ObjectNotFound) return 'deleted';
    throw error;
  }
}

async function cancelOrphan({ client, log }: SubmissionContext, flowRun: FlowRun): Promise<void> {
  const message = `Deployment ${flowRun.deployment_id} no longer exists, cancelled run.`;
  log.warning(`Flow run '${flowRun.name}': ${message}`);
  await proposeState(client, flowRun.id, { type: 'CANCELLED', name: 'Cancelled', message }, { force: true });
}

async function proposePending({ client, log }: SubmissionContext, flowRun: FlowRun): Promise<State | undefined> {
  const { accepted, status, state, reason } = await proposeState(client, flowRun.id, { type: 'PENDING', name: 'Pending' });
  if (accepted && state) return state;
  const why = reason === undefined ? '' : `: ${reason}`;
  if (status === 'ABORT') log.info(`Aborted submission of flow run '${flowRun.id}'${why}`);
  else log.info(`Flow run '${flowRun.id}' is not started now; the server answered ${state?.name ?? status}${why}`);
  return undefined;
}

async function startAndWatch(context: SubmissionContext, flowRun: FlowRunToStart): Promise<void> {
  const { client, log, worker, pool, events } = context;
  let identifier: string | undefined;
  let submitted: string | undefined;
  let result: RunResult;
  try {
    const config = await configureRun(context, flowRun);
    submitted = events.emit('prefect.worker.submitted-flow-run', relatedToRun(flowRun, pool));
    void announceSubmission(context, flowRun);
    const onStarted = (id: string): void => {
      identifier = id;
      void recordInfrastructure(context, flowRun, id);
    };
    result = await worker.run(flowRun, config, onStarted, context.signal);
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error));
    if (identifier !== undefined) {
      log.error(`Lost connection to flow run '${flowRun.name}' on its infrastructure: ${failure.message}`);
      return;
    }
    const message = `Failed to submit flow run to infrastructure: ${failure.name}: ${failure.message}`;
    log.error(`Flow run '${flowRun.name}': ${message}`);
    return proposeCrashed(client, flowRun, message);
  }
  await reportEnd(client, log, flowRun, result);
  if (result.unwatched) return;
  const infrastructure = {
    'prefect.infrastructure.identifier': result.id,
    'prefect.infrastructure.status-code': String(result.exitCode),
  };
  events.emit('prefect.worker.executed-flow-run', relatedToRun(flowRun, pool, infrastructure), submitted);
}

/** Tells the server who submits the run. It may come after the run's own Running: the server then refuses Submitting, which is fine. */
async function announceSubmission({ client, log, pool, workerName, workerType }: SubmissionContext, flowRun: FlowRunToStart) {
  const path = { id: flowRun.id };
  const labels = {
    'prefect.worker.name': workerName,
    'prefect.worker.type': workerType,
    'prefect.work-pool.name': pool.name,
    'prefect.work-pool.id': pool.id,
  };
  await Promise.all([
    client.call('PATCH /flow_runs/{id}/labels', { path, body: labels }),
    proposeState(client, flowRun.id, { type: 'PENDING', name: 'Submitting' }),
  ]).catch((error: Error) => log.debug(`Submission of flow run '${flowRun.id}' was not announced: ${error.message}`));
}

async function recordInfrastructure({ client, log }: SubmissionContext, flowRun: FlowRunToStart, id: string): Promise<void> {
  try {
    await client.call('PATCH /flow_runs/{id}', { path: { id: flowRun.id }, body: { infrastructure_pid: id } });
    log.info(`Flow run '${flowRun.name}' submitted to infrastructure`);
  } catch (error) {
    log.error(`Flow run '${flowRun.name}' runs as ${id}, which the server was not told of; it cannot be cancelled. ${error}`);
  }
}
