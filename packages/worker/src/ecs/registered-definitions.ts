import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import type { AwsAccount } from './clients.ts';
import { isSameDefinition } from './same-definition.ts';
import type { TaskDefinitionRequest } from './task-definition.ts';

/** A task definition that ECS knows. */
export interface RegisteredDefinition {
  readonly arn: string;
  readonly definition: TaskDefinition;
  /** Whether it was registered just now, for this run. */
  readonly isNew: boolean;
}

export interface RegistrationOptions {
  /** Who shares definitions with whom: runs of one deployment do. */
  readonly key: string;
  /** Whether a revision that someone else registered will do. */
  readonly matchLatest: boolean;
  /** Whether later runs may use it too. */
  readonly share: boolean;
}

/** ECS answered without the task definition that it was asked for. */
class TaskDefinitionError extends Error {
  override readonly name = 'TaskDefinitionError';
}

/** Registers task definitions, and as few of them as possible. */
export class RegisteredDefinitions {
  readonly #arns = new Map<string, string>();
  /** The last use of each key. Runs that start together must not register one each. */
  readonly #uses = new Map<string, Promise<unknown>>();

  /** A live task definition that is the same as the one that is wanted. */
  async get(account: AwsAccount, wanted: TaskDefinitionRequest, options: RegistrationOptions): Promise<RegisteredDefinition> {
    if (!options.share) return this.#find(account, wanted, options);
    const before = this.#uses.get(options.key) ?? Promise.resolve();
    const use = before.catch(() => undefined).then(() => this.#find(account, wanted, options));
    this.#uses.set(options.key, use);
    try {
      return await use;
    } finally {
      if (this.#uses.get(options.key) === use) this.#uses.delete(options.key);
    }
  }

  async #find(account: AwsAccount, wanted: TaskDefinitionRequest, options: RegistrationOptions): Promise<RegisteredDefinition> {
    const { key, matchLatest, share } = options;
    const known = [share ? this.#arns.get(key) : undefined, matchLatest ? wanted.family : undefined];
    for (const name of known) {
      const live = name === undefined ? undefined : await findDefinition(account, name);
      if (live?.taskDefinitionArn === undefined || live.status !== 'ACTIVE') continue;
      if (!isSameDefinition(wanted, { ...live })) continue;
      if (share) this.#arns.set(key, live.taskDefinitionArn);
      return { arn: live.taskDefinitionArn, definition: live, isNew: false };
    }
    const registered = await registerDefinition(account, wanted);
    if (share) this.#arns.set(key, registered.arn);
    return registered;
  }
}

/** Reads a task definition by its ARN, or the latest of a family. */
export async function describeDefinition({ ecs, sdk }: AwsAccount, name: string): Promise<TaskDefinition> {
  const { taskDefinition } = await ecs.send(new sdk.DescribeTaskDefinitionCommand({ taskDefinition: name }));
  if (!taskDefinition) throw new TaskDefinitionError(`ECS has no task definition ${name}.`);
  return taskDefinition;
}

/** Takes a task definition out of use; tasks that run are not touched. */
export async function deregisterDefinition({ ecs, sdk }: AwsAccount, arn: string): Promise<void> {
  await ecs.send(new sdk.DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
}

async function findDefinition(account: AwsAccount, name: string): Promise<TaskDefinition | undefined> {
  try {
    return await describeDefinition(account, name);
  } catch (error) {
    // What ECS answers where there is no such family or revision.
    if (error instanceof account.sdk.ClientException) return undefined;
    throw error;
  }
}

async function registerDefinition({ ecs, sdk }: AwsAccount, wanted: TaskDefinitionRequest): Promise<RegisteredDefinition> {
  // The template is the user's; ECS itself says what is wrong with it.
  const input = wanted as unknown as RegisterTaskDefinitionCommandInput;
  const { taskDefinition } = await ecs.send(new sdk.RegisterTaskDefinitionCommand(input));
  const arn = taskDefinition?.taskDefinitionArn;
  if (!taskDefinition || !arn) throw new TaskDefinitionError(`ECS did not register the task definition ${wanted.family}.`);
  return { arn, definition: taskDefinition, isNew: true };
}
