import type { Task } from '@aws-sdk/client-ecs';
import { InfrastructureNotFoundError } from '../infrastructure.ts';

/** What a run's infrastructure is called: where the task is, and which one. */
export interface TaskIdentifier {
  readonly cluster: string;
  readonly taskArn: string;
}

/** Writes an identifier as `<cluster>::<task ARN>`. */
export function writeIdentifier(task: Task & { taskArn: string }, cluster: string | undefined): string {
  return `${task.clusterArn ?? cluster ?? 'default'}::${task.taskArn}`;
}

/** @throws InfrastructureNotFoundError when no task of ECS is called so */
export function readIdentifier(identifier: string): TaskIdentifier {
  const [cluster = '', taskArn = '', ...more] = identifier.split('::');
  if (cluster === '' || taskArn === '' || more.length > 0) {
    throw new InfrastructureNotFoundError(`'${identifier}' is not a task of ECS: those are called <cluster>::<task ARN>.`);
  }
  return { cluster, taskArn };
}

/** The name of a cluster, of its name or ARN. */
export function clusterName(cluster: string): string {
  return cluster.split('/').at(-1) ?? cluster;
}

/** The page of a task in the console of AWS. */
export function consoleLink({ cluster, taskArn }: TaskIdentifier, region: string): string {
  const partition = taskArn.split(':')[1] ?? 'aws';
  const host = CONSOLES[partition] ?? `${region}.console.aws.amazon.com`;
  const task = taskArn.split('/').at(-1);
  return `https://${host}/ecs/v2/clusters/${clusterName(cluster)}/tasks/${task}/configuration?region=${region}`;
}

const CONSOLES: Readonly<Record<string, string>> = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};
