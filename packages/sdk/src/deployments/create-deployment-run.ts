import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DeploymentResponse,
  type FlowRunResponse,
  formatTimestamp,
  isTerminal,
  isUuid,
  nowMicros,
} from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';
import { ObjectNotFound } from '../client/errors.ts';
import { type Duration, toSeconds } from '../durations.ts';
import { ConfigurationError } from '../errors.ts';
import { subscribeToRunEvents } from '../runner/run-events.ts';
import { findDeployment } from './apply-deployment.ts';

/** What a run of a deployment gets. */
export interface RunDeploymentOptions {
  /** Parameters over those of the deployment. */
  params?: Readonly<Record<string, unknown>> | undefined;
  /** When the run is due. Default: now. */
  at?: Date | undefined;
  /** Name of the run. Default: the server makes one. */
  name?: string | undefined;
  tags?: readonly string[] | undefined;
  /** A second call with the same key gives the run of the first. */
  idempotencyKey?: string | undefined;
  workQueue?: string | undefined;
  jobVariables?: Readonly<Record<string, unknown>> | undefined;
  /** How long to wait for the end: 0 does not wait; undefined waits for ever. */
  timeout?: Duration | undefined;
  /** The time between looks at the run, where its events do not arrive. Default 5 s. */
  pollInterval?: Duration | undefined;
  signal?: AbortSignal | undefined;
}

/** Who asks for a run of a deployment. */
export interface CreateDeploymentRunOptions extends RunDeploymentOptions {
  client: ApiClient;
  /** Makes the task run that stands for the run in its parent, and gives its id. */
  parentTaskRun?: ((deployment: DeploymentResponse) => Promise<string | undefined>) | undefined;
}

/** There is no deployment of that name or id. */
export class DeploymentNotFoundError extends ConfigurationError {}

/**
 * Makes a run of a deployment and waits for its end, as long as the timeout allows.
 *
 * @param deployment `flow/deployment`, or the id
 * @returns the run as it was last seen; its state is not final when the timeout was shorter
 */
export async function createDeploymentRun(deployment: string, options: CreateDeploymentRunOptions): Promise<FlowRunResponse> {
  const { client, timeout } = options;
  const waitSeconds = timeout === undefined ? undefined : toSeconds(timeout);
  const found = await readDeployment(client, deployment);
  if (found === undefined) {
    throw new DeploymentNotFoundError(`There is no deployment '${deployment}'.`, {
      hint: 'Names look like `flow/deployment`; `prefect deployment ls` lists them.',
    });
  }
  const scheduled_time = options.at ? options.at.toISOString() : formatTimestamp(nowMicros());
  const flowRun = await client.call('POST /deployments/{id}/create_flow_run', {
    path: { id: found.id },
    body: {
      state: { type: 'SCHEDULED', state_details: { scheduled_time } },
      ...(options.name === undefined ? {} : { name: options.name }),
      parameters: { ...options.params },
      context: {},
      tags: [...(options.tags ?? [])],
      ...(options.idempotencyKey === undefined ? {} : { idempotency_key: options.idempotencyKey }),
      parent_task_run_id: (await options.parentTaskRun?.(found)) ?? null,
      job_variables: options.jobVariables ? { ...options.jobVariables } : null,
      labels: {},
      ...(options.workQueue === undefined ? {} : { work_queue_name: options.workQueue }),
    },
  });
  return waitSeconds === 0 ? flowRun : waitForEnd(client, flowRun, waitSeconds, options);
}

async function readDeployment(client: ApiClient, deployment: string): Promise<DeploymentResponse | undefined> {
  if (!isUuid(deployment)) return findDeployment(client, deployment);
  try {
    return await client.call('GET /deployments/{id}', { path: { id: deployment } });
  } catch (error) {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  }
}

/** Events tell of the end at once; looking at the run now and then finds what they missed. */
async function waitForEnd(
  client: ApiClient,
  started: FlowRunResponse,
  waitSeconds: number | undefined,
  { pollInterval = 5, signal }: RunDeploymentOptions,
): Promise<FlowRunResponse> {
  const until = waitSeconds === undefined ? Number.POSITIVE_INFINITY : Date.now() + waitSeconds * 1000;
  let changed = Promise.withResolvers<void>();
  const events = subscribeToRunEvents({
    client,
    events: ['Completed', 'Failed', 'Crashed', 'Cancelled', 'TimedOut'].map((name) => `prefect.flow-run.${name}`),
    resource: `prefect.flow-run.${started.id}`,
    onEvent: () => changed.resolve(),
  });
  try {
    for (let flowRun = started; ; ) {
      flowRun = await client.call('GET /flow_runs/{id}', { path: { id: flowRun.id }, ...(signal ? { signal } : {}) });
      const left = until - Date.now();
      if (isTerminal(flowRun.state_type) || left <= 0) return flowRun;
      const pause = new AbortController();
      const timer = sleep(Math.min(left, toSeconds(pollInterval) * 1000), undefined, { signal: pause.signal });
      await Promise.race([timer, changed.promise]).catch(() => undefined);
      pause.abort();
      timer.catch(() => undefined);
      signal?.throwIfAborted();
      changed = Promise.withResolvers<void>();
    }
  } finally {
    events.close();
  }
}
