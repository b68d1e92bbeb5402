import type { Task } from '@aws-sdk/client-ecs';
import type { Logger } from 'prefect-ts/runner';
import { type InfrastructureEnd, InfrastructureNotFoundError } from '../infrastructure.ts';
import type { AwsAccount } from './clients.ts';
import type { EcsConfiguration } from './configuration.ts';
import { deregisterDefinition, describeDefinition } from './registered-definitions.ts';
import { endOfTask } from './task-end.ts';
import type { TaskIdentifier } from './task-identifier.ts';
import { followOutput, type TaskOutput } from './task-output.ts';
import type { TaskPoll } from './task-poll.ts';
import { DEREGISTER_TAG } from './task-request.ts';
import type { EcsTimes } from './times.ts';

export interface WatchTaskOptions {
  readonly account: AwsAccount;
  readonly poll: TaskPoll;
  readonly identifier: TaskIdentifier;
  readonly config: EcsConfiguration;
  readonly times: EcsTimes;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** The container that the run executes in. */
  readonly container: string;
  /** Told of the task at each look. */
  readonly onTask: (task: Task) => void;
}

/** Follows a task to its end, and puts away what was made for it. */
export async function watchTask(options: WatchTaskOptions): Promise<InfrastructureEnd> {
  const { account, config, log, container } = options;
  const task = await followTask(options);
  if (task === 'late') {
    const seconds = config.task_start_timeout_seconds;
    return {
      exitCode: -1,
      reason: `The task did not run within the ${seconds} s of \`task_start_timeout_seconds\` and was stopped.`,
    };
  }
  const isForThisRun = task.tags?.some(({ key, value }) => key === DEREGISTER_TAG && value === 'true');
  if (isForThisRun && task.taskDefinitionArn) {
    await deregisterDefinition(account, task.taskDefinitionArn).catch((error: Error) =>
      log.warning(`The task definition ${task.taskDefinitionArn} was not deregistered: ${error.message}`),
    );
  }
  return endOfTask(task, container);
}

async function followTask(options: WatchTaskOptions): Promise<Task | 'late'> {
  const { poll, identifier, config, times, signal, onTask } = options;
  const began = Date.now();
  let seen = false;
  let output: TaskOutput | undefined;
  let looksForOutput = config.stream_output === true;
  for (;;) {
    const task = await poll.next(identifier.taskArn, signal);
    const seconds = (Date.now() - began) / 1000;
    if (!task) {
      // A task that was just started may not be known everywhere yet.
      if (!seen && seconds <= times.appearance) continue;
      throw new InfrastructureNotFoundError(`ECS does not know the task ${identifier.taskArn} any more.`);
    }
    seen = true;
    onTask(task);
    const hasEnded = task.lastStatus === 'STOPPED';
    if (looksForOutput && (hasEnded || hasBegun(task))) {
      output = await openOutput(options, task);
      looksForOutput = false;
    }
    if (hasEnded) {
      await output?.finish(signal);
      return task;
    }
    await output?.forward();
    if (isLate(task, seconds, config)) {
      await stopLateTask(options);
      return 'late';
    }
  }
}

/** A task that ends says so by its last states, whether it ever ran or not. */
function hasBegun({ startedAt, lastStatus = '' }: Task): boolean {
  return startedAt !== undefined || ['RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING'].includes(lastStatus);
}

function isLate(task: Task, seconds: number, config: EcsConfiguration): boolean {
  const limit = config.task_start_timeout_seconds ?? 0;
  return limit > 0 && seconds > limit && !hasBegun(task);
}

async function stopLateTask({ account: { ecs, sdk }, identifier, log }: WatchTaskOptions): Promise<void> {
  const reason = 'Stopped by Prefect worker: it took too long to start';
  const request = new sdk.StopTaskCommand({ cluster: identifier.cluster, task: identifier.taskArn, reason });
  await ecs
    .send(request)
    .catch((error: Error) => log.warning(`The task ${identifier.taskArn} was not stopped: ${error.message}`));
}

async function openOutput({ account, times, container, log }: WatchTaskOptions, task: Task): Promise<TaskOutput | undefined> {
  const onTrouble = (error: Error) => log.warning(`The output of the task cannot be read from CloudWatch: ${error.message}`);
  try {
    const definition = await describeDefinition(account, task.taskDefinitionArn ?? '');
    return followOutput({ account, task, definition, container, onLine: log.info, onTrouble, logDelay: times.logDelay });
  } catch (error) {
    onTrouble(error instanceof Error ? error : new Error(String(error)));
    return undefined;
  }
}
