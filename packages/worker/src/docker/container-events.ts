import { formatTimestamp, nowMicros, type RelatedResource, uuid7 } from '@prefect-ts/protocol';
import { slug } from 'prefect-ts/runner';
import type { WorkerContext } from '../base-worker.ts';
import type { DockerConfiguration } from './configuration.ts';

/** Tells the server what happens to a container: `running`, `exited`, or that it could not be made. A failure to tell is only logged. */
export function emitContainerEvent(
  { client, log, workerName }: WorkerContext,
  what: 'running' | 'exited' | 'creation-failed',
  container: { readonly id: string; readonly name: string },
  { labels }: DockerConfiguration,
): void {
  const event = {
    id: uuid7(),
    event: `prefect.docker.container.${what}`,
    occurred: formatTimestamp(nowMicros()),
    resource: { 'prefect.resource.id': `prefect.docker.container.${container.id}`, 'prefect.resource.name': container.name },
    related: [
      ...ROLES.flatMap((role) => relatedByLabels(role, labels)),
      {
        'prefect.resource.id': `prefect.worker.docker.${slug(workerName)}`,
        'prefect.resource.role': 'worker',
        'prefect.resource.name': workerName,
      },
    ],
    payload: {},
  };
  client
    .call('POST /events', { body: [event] })
    .catch((error: Error) => log.debug(`Event ${event.event} was not delivered: ${error.message}`));
}

const ROLES = ['flow-run', 'flow', 'deployment', 'work-pool'] as const;

/** The labels of a run's infrastructure say what the run belongs to. */
function relatedByLabels(role: string, labels: Readonly<Record<string, string>>): RelatedResource[] {
  const id = labels[`prefect.io/${role}-id`];
  const name = labels[`prefect.io/${role}-name`];
  if (id === undefined) return [];
  return [
    {
      'prefect.resource.id': `prefect.${role}.${id}`,
      'prefect.resource.role': role,
      ...(name === undefined ? {} : { 'prefect.resource.name': name }),
    },
  ];
}
