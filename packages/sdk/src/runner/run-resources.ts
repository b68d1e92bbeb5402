import { formatTimestamp, nowMicros, type RelatedResource, uuid7 } from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';

/** The part of a flow run that its supervisor needs. */
export interface SupervisedRun {
  readonly id: string;
  readonly name: string;
  readonly flow_id: string;
  readonly deployment_id: string | null;
  readonly tags: readonly string[];
}

/** Tells the server's events that a supervisor ended a run because it was cancelled. What cannot be delivered is dropped. */
export async function announceCancelledRun(client: ApiClient, runnerName: string, flowRun: SupervisedRun): Promise<void> {
  const event = {
    id: uuid7(),
    event: 'prefect.runner.cancelled-flow-run',
    occurred: formatTimestamp(nowMicros()),
    resource: { 'prefect.resource.id': `prefect.runner.${slug(runnerName)}`, 'prefect.resource.name': runnerName },
    related: relatedToRun(flowRun),
    payload: {},
    follows: null,
  };
  await client.call('POST /events', { body: [event] }).catch(() => undefined);
}

function relatedToRun({ id, name, flow_id, deployment_id, tags }: SupervisedRun): RelatedResource[] {
  const related = (role: string, value: string) => ({
    'prefect.resource.id': `prefect.${role}.${value}`,
    'prefect.resource.role': role,
  });
  return [
    { ...related('flow-run', id), 'prefect.resource.name': name },
    ...(deployment_id === null ? [] : [related('deployment', deployment_id)]),
    related('flow', flow_id),
    ...[...tags].sort().map((tag) => related('tag', tag)),
  ];
}

/** A name as part of an id: lower case, everything else than letters and digits a dash. */
export function slug(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
