import { createHash } from 'node:crypto';
import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';
import { COMPATIBLE_VERSION, formatTimestamp, isTerminal, nowMicros, type RelatedResource } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import { type Logger, outlastDowntime, proposeState, slug } from 'prefect-ts/runner';
import { FLOW_RUN_LABEL } from './job-manifest.ts';

const INFO = 20;
const WARNING = 30;

/** Tells the server what happens to the pods of a run. What is not delivered is only logged: the run does not depend on it. */
export interface RunReports {
  /** A pod is there, or in another phase than before. */
  podChanged(pod: V1Pod): void;
  /** Puts what Kubernetes says about a pod into the logs of the run. */
  podEvents(events: readonly CoreV1Event[]): void;
  /** Puts the output of a pod into the logs of a run that never began, and so could not send any itself. */
  outputOfUnbegunRun(read: () => Promise<string[]>): Promise<void>;
  /** Whether the run was given back, to be started once more or later: then it did not crash, whatever became of its job. */
  isGivenBack(): Promise<boolean>;
  /** Waits until all is delivered or given up. */
  flush(): Promise<void>;
}

export interface RunReportsOptions {
  readonly client: ApiClient;
  readonly log: Logger;
  /** The run's id, from the label of its job. */
  readonly flowRunId: string;
  readonly workerName: string;
}

export function runReports({ client, log, flowRunId, workerName }: RunReportsOptions): RunReports {
  const phases = new Map<string, string>();
  const told = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  let isAnnounced = false;

  function send(what: string, delivery: Promise<unknown>): void {
    const sent = delivery
      .catch((error: Error) => log.debug(`${what} of flow run '${flowRunId}' was not delivered: ${error.message}`))
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  }

  function sendLogs(lines: readonly { level: number; message: string }[]): void {
    if (lines.length === 0) return;
    const timestamp = formatTimestamp(nowMicros());
    const body = lines.map((line) => ({ ...line, name: 'prefect.flow_runs.worker', timestamp, flow_run_id: flowRunId }));
    send('The log', client.call('POST /logs/', { body }));
  }

  return {
    podChanged(pod) {
      const uid = pod.metadata?.uid ?? '';
      const phase = podPhase(pod);
      if (phase === undefined || phases.get(uid) === phase) return;
      const event = podEvent(pod, phase, workerName, phases.get(uid));
      phases.set(uid, phase);
      send('An event', client.call('POST /events', { body: [event] }));
      if (phase !== 'pending' || isAnnounced) return;
      isAnnounced = true;
      // The server refuses it when the run has begun meanwhile, which is fine.
      send('Its state', proposeState(client, flowRunId, { type: 'PENDING', name: 'InfrastructurePending' }));
    },
    podEvents(events) {
      const fresh = events.filter(({ type, metadata: { uid } }) => type === 'Warning' && uid !== undefined && !told.has(uid));
      for (const { metadata } of fresh) if (metadata.uid !== undefined) told.add(metadata.uid);
      sendLogs(
        fresh.map(({ involvedObject, reason, message }) => ({
          level: WARNING,
          message: `Pod '${involvedObject.name}': ${reason ?? 'Warning'}: ${message ?? ''}`,
        })),
      );
    },
    async outputOfUnbegunRun(read) {
      const { start_time } = await readRun(client, flowRunId);
      if (start_time === null) sendLogs((await read()).map((message) => ({ level: INFO, message })));
    },
    async isGivenBack() {
      const { state_type } = await readRun(client, flowRunId);
      return state_type === 'SCHEDULED' || state_type === 'PAUSED' || isTerminal(state_type ?? undefined);
    },
    async flush() {
      await Promise.all(underWay);
    },
  };
}

function readRun(client: ApiClient, id: string) {
  return outlastDowntime(() => client.call('GET /flow_runs/{id}', { path: { id } }));
}

function podPhase({ status }: V1Pod): string | undefined {
  return status?.reason === 'Evicted' ? 'evicted' : status?.phase?.toLowerCase();
}

/** The same change has the same id, whoever sees it: a worker that comes back tells nothing twice. */
function podEvent({ metadata = {} }: V1Pod, phase: string, workerName: string, before: string | undefined) {
  const labels = metadata.labels ?? {};
  const idOf = (name: string) => uuidOf(`${metadata.uid}:${name}`);
  const worker = {
    'prefect.resource.id': `prefect.worker.kubernetes.${slug(workerName)}`,
    'prefect.resource.role': 'worker',
    'prefect.resource.name': workerName,
    'prefect.worker-type': 'kubernetes',
    'prefect.version': COMPATIBLE_VERSION,
  };
  return {
    id: idOf(phase),
    event: `prefect.kubernetes.pod.${phase}`,
    occurred: formatTimestamp(nowMicros()),
    resource: {
      'prefect.resource.id': `prefect.kubernetes.pod.${metadata.uid}`,
      'prefect.resource.name': metadata.name ?? '',
      'kubernetes.namespace': metadata.namespace ?? '',
    },
    related: [...RELATED.flatMap(([role, idLabel, nameLabel]) => related(role, labels[idLabel], labels[nameLabel])), worker],
    payload: {},
    follows: before === undefined ? null : idOf(before),
  };
}

const RELATED = [
  ['flow-run', FLOW_RUN_LABEL, 'prefect.io/flow-run-name'],
  ['deployment', 'prefect.io/deployment-id', 'prefect.io/deployment-name'],
  ['flow', 'prefect.io/flow-id', 'prefect.io/flow-name'],
  ['work-pool', 'prefect.io/work-pool-id', 'prefect.io/work-pool-name'],
] as const;

function related(role: string, id: string | undefined, name: string | undefined): RelatedResource[] {
  if (id === undefined) return [];
  const resource = { 'prefect.resource.id': `prefect.${role}.${id}`, 'prefect.resource.role': role };
  return [name === undefined ? resource : { ...resource, 'prefect.resource.name': name }];
}

/** A UUID (version 8, variant 10) of a text. */
function uuidOf(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 3) | 8).toString(16);
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`, `${variant}${digits.slice(17, 20)}`];
  return [...parts, digits.slice(20, 32)].join('-');
}
