import { setTimeout as sleep } from 'node:timers/promises';
import type { Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { AwsAccount } from './clients.ts';

/** What the container of a task prints, as it comes. */
export interface TaskOutput {
  /** Hands on what is new. */
  forward(): Promise<void>;
  /** Hands on what is left, once the task has ended. */
  finish(signal: AbortSignal): Promise<void>;
}

export interface TaskOutputOptions {
  readonly account: AwsAccount;
  readonly task: Task;
  readonly definition: TaskDefinition;
  readonly container: string;
  readonly onLine: (line: string) => void;
  /** Called once when the log cannot be read. */
  readonly onTrouble: (error: Error) => void;
  /** Seconds that what was printed may take to reach the log. */
  readonly logDelay: number;
}

/** Follows the log of a task in CloudWatch; undefined when its container does not log there. */
export function followOutput(options: TaskOutputOptions): TaskOutput | undefined {
  const { account, onLine, onTrouble, logDelay } = options;
  const stream = findStream(options);
  if (!stream) return undefined;
  let token: string | undefined;
  let broken = false;

  const readPage = async (): Promise<boolean> => {
    const { sdk, client } = await account.logs();
    const request = { ...stream, startFromHead: true, ...(token ? { nextToken: token } : {}) };
    const { events = [], nextForwardToken } = await client.send(new sdk.GetLogEventsCommand(request));
    for (const { message } of events) if (message !== undefined) onLine(message.replace(/\n$/, ''));
    // The token stays the same at the end of the log.
    const more = nextForwardToken !== undefined && nextForwardToken !== token;
    token = nextForwardToken ?? token;
    return more;
  };

  const forward = async (): Promise<void> => {
    if (broken) return;
    try {
      while (await readPage());
    } catch (error) {
      // The stream is made with the first line.
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return;
      broken = true;
      onTrouble(error instanceof Error ? error : new Error(String(error)));
    }
  };

  return {
    forward,
    async finish(signal) {
      await forward();
      if (broken) return;
      await sleep(logDelay * 1000, undefined, { signal });
      await forward();
    },
  };
}

/** ECS names a stream `<prefix>/<container>/<task id>`. */
function findStream({
  task,
  definition,
  container,
}: TaskOutputOptions): { logGroupName: string; logStreamName: string } | undefined {
  const definitions = definition.containerDefinitions ?? [];
  const found = definitions.find(({ name }) => name === container);
  if (found?.logConfiguration?.logDriver !== 'awslogs') return undefined;
  const { 'awslogs-group': logGroupName, 'awslogs-stream-prefix': prefix } = found.logConfiguration.options ?? {};
  const id = task.taskArn?.split('/').at(-1);
  if (!logGroupName || !prefix || !id) return undefined;
  return { logGroupName, logStreamName: `${prefix}/${container}/${id}` };
}
