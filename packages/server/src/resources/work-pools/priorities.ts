/** A queue and its place among the queues of its pool; 1 comes first. */
export interface Prioritized {
  readonly id: string;
  readonly priority: number;
}

/** The first priority that no queue has. */
export function firstFreePriority(queues: readonly Prioritized[]): number {
  const taken = new Set(queues.map(({ priority }) => priority));
  let free = 1;
  while (taken.has(free)) free += 1;
  return free;
}

/**
 * Makes room for a queue that takes a priority: those at and after it move up, each by as little as possible, so that no two are equal.
 * Gaps stay. Contract: deployments-and-workers 6.
 *
 * @param queues the queues of the pool in any order, the moved one with its new priority.
 * @param movedId the queue that comes before the others of its priority; none after a deletion.
 * @returns the queues whose priority changes, with the new one.
 */
export function renumber(queues: readonly Prioritized[], movedId?: string): Prioritized[] {
  const inOrder = queues.toSorted((a, b) => a.priority - b.priority || Number(b.id === movedId) - Number(a.id === movedId));
  const changed: Prioritized[] = [];
  let last = 0;
  for (const queue of inOrder) {
    const priority = Math.max(queue.priority, last + 1);
    if (priority !== queue.priority) changed.push({ id: queue.id, priority });
    last = priority;
  }
  return changed;
}
