import type { Container, Task } from '@aws-sdk/client-ecs';
import type { InfrastructureEnd } from '../infrastructure.ts';

/** How a stopped task ended, by the container that the run executed in (contract 11.4). */
export function endOfTask(task: Task, containerName: string): InfrastructureEnd {
  const container = containerOf(task, containerName);
  const exitCode = container?.exitCode;
  if (task.stopCode === 'TaskFailedToStart') {
    const why = reasonOf(task, container);
    return { exitCode: -1, reason: `ECS task failed to start: ${why}.${hintFor(why)}` };
  }
  if (exitCode === 0) return { exitCode };
  const meaning = task.stopCode === undefined ? undefined : MEANINGS[task.stopCode];
  const said = [container?.reason, task.stoppedReason].filter((text): text is string => Boolean(text));
  const why = [...new Set(said)].map(withoutPeriod).join('; ');
  const reason = [meaning, why].filter(Boolean).join(': ');
  if (exitCode === undefined)
    return { exitCode: -1, reason: `${reason || 'the task stopped without an exit code'}.${hintFor(why)}` };
  // That a container ended is what an exit code says already.
  const tellsMore = container?.reason !== undefined || task.stopCode !== 'EssentialContainerExited';
  return tellsMore && reason !== '' ? { exitCode, reason: `${reason}.${hintFor(why)}` } : { exitCode };
}

/** The container of a task that a run executes in. */
function containerOf(task: Task, name: string): Container | undefined {
  const containers = task.containers ?? [];
  return containers.find((container) => container.name === name) ?? (containers.length === 1 ? containers[0] : undefined);
}

function reasonOf(task: Task, container: Container | undefined): string {
  return withoutPeriod(task.stoppedReason || container?.reason || 'no reason was given');
}

function withoutPeriod(text: string): string {
  return text.trim().replace(/\.+$/, '');
}

const MEANINGS: Readonly<Record<string, string>> = {
  EssentialContainerExited: 'a container ended that the task cannot do without',
  UserInitiated: 'someone stopped the task',
  ServiceSchedulerInitiated: 'a service of ECS stopped the task',
  SpotInterruption: 'AWS took the Spot capacity of the task back',
  TerminationNotice: 'the instance of the task was terminated',
  InfrastructureHealth: 'the instance of the task was not healthy',
};

const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /CannotPullContainer|pull image/i,
    'Check the name of the image, the execution role where the registry is private, and that the task reaches the registry: a public address or a NAT gateway.',
  ],
  [
    /ResourceInitializationError/i,
    'Check that the task reaches AWS (a public address, a NAT gateway or VPC endpoints) and that the execution role may read secrets and write logs.',
  ],
  [/OutOfMemory/i, 'Give the task more `memory`.'],
  [/exec format error/i, 'The image was built for another CPU architecture than the task runs on.'],
  [/executable file not found|no such file/i, 'The image does not have the program of the command.'],
  [/capacity/i, 'There is no room now; try again, or another launch type or region.'],
];

function hintFor(text: string): string {
  const hint = HINTS.find(([pattern]) => pattern.test(text))?.[1];
  return hint ? ` ${hint}` : '';
}
