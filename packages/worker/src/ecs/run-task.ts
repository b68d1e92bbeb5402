import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure, RunTaskCommandInput, Task } from '@aws-sdk/client-ecs';
import type { AwsAccount } from './clients.ts';
import type { EcsTimes } from './times.ts';

/** ECS could not place a task. */
class TaskNotPlacedError extends Error {
  override readonly name = 'TaskNotPlacedError';
}

/** A task that ECS has taken. */
export interface StartedTask extends Task {
  taskArn: string;
}

const ATTEMPTS = 3;

/**
 * Starts a task. Where there is no room for it now, it is tried three times. A request whose answer was lost is repeated under the same
 * token, so that one run never gets two tasks.
 */
export async function runTask(
  { ecs, sdk }: AwsAccount,
  request: Readonly<Record<string, unknown>>,
  times: EcsTimes,
  signal: AbortSignal,
): Promise<StartedTask> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    // The template is the user's; ECS itself says what is wrong with it.
    const input = { ...request, clientToken: randomUUID() } as unknown as RunTaskCommandInput;
    try {
      const { tasks = [], failures = [] } = await ecs.send(new sdk.RunTaskCommand(input));
      const [task] = tasks;
      if (task?.taskArn) return { ...task, taskArn: task.taskArn };
      throw notPlaced(failures, String(request.cluster ?? 'default'));
    } catch (error) {
      if (attempt === ATTEMPTS || !isLackOfRoom(error)) throw error;
    }
    await sleep((times.retry + Math.random() * times.retryJitter) * 1000, undefined, { signal });
  }
}

class LackOfRoomError extends TaskNotPlacedError {}

const LACK_OF_ROOM = /^(RESOURCE|AGENT)|capacity/i;

function notPlaced(failures: readonly Failure[], cluster: string): TaskNotPlacedError {
  const reasons = failures.map(({ reason = 'no reason given', detail }) => {
    const meaning = MEANINGS.find(([pattern]) => pattern.test(reason))?.[1];
    return [reason, meaning && `(${meaning})`, detail].filter(Boolean).join(' ');
  });
  const message = `ECS could not place the task in the cluster '${cluster}': ${[...new Set(reasons)].join('; ') || 'it gave no task'}`;
  const forNow = failures.length > 0 && failures.every(({ reason = '' }) => LACK_OF_ROOM.test(reason));
  return forNow ? new LackOfRoomError(message) : new TaskNotPlacedError(message);
}

function isLackOfRoom(error: unknown): boolean {
  if (error instanceof LackOfRoomError) return true;
  // Fargate says so with an error instead of a failure.
  return error instanceof Error && error.name === 'ClientException' && /capacity is unavailable/i.test(error.message);
}

const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/^RESOURCE:MEMORY/, 'no instance has enough free memory'],
  [/^RESOURCE:CPU/, 'no instance has enough free CPU'],
  [/^RESOURCE:GPU/, 'no instance has enough free GPUs'],
  [/^RESOURCE:ENI/, 'no instance has a free network interface'],
  [/^RESOURCE:PORTS/, 'the ports of the container are taken on every instance'],
  [/^AGENT/, 'the agent of the instance is not connected'],
  [/^ATTRIBUTE/, 'no instance has an attribute that the task definition asks for'],
  [/^EMPTY CAPACITY PROVIDER/, 'the capacity provider has no instances and may not start any'],
  [/^INACTIVE/, 'the instance or cluster is no longer active'],
  [/^MISSING/, 'there is no such instance'],
];
