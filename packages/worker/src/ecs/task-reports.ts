import type { Task } from '@aws-sdk/client-ecs';
import { formatTimestamp, nowMicros, type RelatedResource, uuid7 } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import { type Logger, proposeState } from 'prefect-ts/runner';

/** Tells the server each time that a task's status has changed (contract 11.4). What is not delivered fails nothing. */
export function taskReports(client: ApiClient, log: Logger): (task: Task) => void {
  let last: string | undefined;
  let waits = false;
  return (task) => {
    const status = task.lastStatus;
    if (status === undefined || status === last) return;
    last = status;
    const labels = new Map((task.tags ?? []).map(({ key, value }) => [key ?? '', value ?? '']));
    const unsaid = (error: Error) => log.debug(`The status ${status} of the task was not reported: ${error.message}`);
    emitStatus(client, task, status, labels).catch(unsaid);
    const flowRunId = labels.get('prefect.io/flow-run-id');
    if (waits || flowRunId === undefined || (status !== 'PROVISIONING' && status !== 'PENDING')) return;
    waits = true;
    const pending = { type: 'PENDING', name: 'InfrastructurePending', message: 'ECS task is pending.' } as const;
    proposeState(client, flowRunId, pending).catch(unsaid);
  };
}

async function emitStatus(client: ApiClient, task: Task, status: string, labels: ReadonlyMap<string, string>): Promise<void> {
  const event = {
    id: uuid7(),
    event: `prefect.ecs.task.${status.toLowerCase()}`,
    occurred: formatTimestamp(nowMicros()),
    resource: {
      'prefect.resource.id': `prefect.ecs.task.${task.taskArn?.split('/').at(-1) ?? ''}`,
      'ecs.taskArn': task.taskArn ?? '',
      'ecs.clusterArn': task.clusterArn ?? '',
      'ecs.taskDefinitionArn': task.taskDefinitionArn ?? '',
    },
    related: ROLES.flatMap((role) => related(role, labels)),
    payload: {},
    follows: null,
  };
  await client.call('POST /events', { body: [event] });
}

const ROLES = ['flow-run', 'deployment', 'flow', 'work-pool'] as const;

function related(role: string, labels: ReadonlyMap<string, string>): RelatedResource[] {
  const id = labels.get(`prefect.io/${role}-id`);
  if (id === undefined) return [];
  const name = labels.get(`prefect.io/${role}-name`);
  return [
    {
      'prefect.resource.id': `prefect.${role}.${id}`,
      'prefect.resource.role': role,
      ...(name === undefined ? {} : { 'prefect.resource.name': name }),
    },
  ];
}
