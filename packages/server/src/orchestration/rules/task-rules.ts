import { formatTimestamp, isTerminal, SECOND } from '@prefect-ts/protocol';
import { clampedPoisson } from '../clamped-poisson.ts';
import { makeState } from '../state.ts';
import { ALL, only, TERMINAL } from '../state-sets.ts';
import {
  abort,
  reject,
  rename,
  type TaskRule,
  type TaskRunDraft,
  type TaskRunFacts,
  type TaskTransition,
  type Transform,
  type Verdict,
  wait,
} from '../transition.ts';

/** A cached result takes the place of running. */
export const retrieveFromCache: TaskRule = {
  name: 'CacheRetrieval',
  from: ALL,
  to: only('RUNNING'),
  before({ facts, now }, proposed) {
    const { cache_key, refresh_cache } = proposed.state_details;
    if (!cache_key || refresh_cache || !facts.cachedState) return undefined;
    return reject(makeState({ ...facts.cachedState, name: 'Cached' }, now), 'Retrieved state from cache');
  },
};

const runCountBefore = new WeakMap<TaskTransition, number>();

/** A task run that is over is only changed in ways that make sense. */
export const handleTaskTerminalStates: TaskRule = {
  name: 'HandleTaskTerminalStateTransitions',
  from: TERMINAL,
  to: ALL,
  before(transition, proposed): Verdict | undefined {
    const { run, initial, facts } = transition;
    if (['CANCELLING', 'PAUSED', 'CRASHED'].includes(proposed.type)) return abort(`Run is already ${initial?.type}.`);
    const data = initial?.data as { type?: unknown } | null | undefined;
    if (initial?.type === 'COMPLETED' && data && data.type !== 'unpersisted')
      return reject(null, 'This run is already completed.');
    if (isTerminal(proposed.type)) return undefined;
    runCountBefore.set(transition, run.run_count);
    run.run_count = 0;
    const flowRunRestarted = facts.flowRun && run.flow_run_run_count < facts.flowRun.run_count;
    return proposed.type === 'RUNNING' && flowRunRestarted ? rename('Retrying') : undefined;
  },
  cleanup(transition) {
    const count = runCountBefore.get(transition);
    if (count !== undefined) transition.run.run_count = count;
  },
};

/** Tasks only start while the flow around them runs. */
export const preventRunningTasksFromStoppedFlows: TaskRule = {
  name: 'PreventRunningTasksFromStoppedFlows',
  from: ALL,
  to: only('RUNNING'),
  before({ facts, now }) {
    if (!facts.flowRun) return undefined;
    const { id, state } = facts.flowRun;
    if (state?.type === 'RUNNING') return undefined;
    if (state?.type !== 'PAUSED') return abort('The enclosing flow must be running to begin task execution.');
    const { pause_timeout, pause_reschedule } = state.state_details;
    return reject(
      makeState({ type: 'PAUSED', name: 'NotReady', state_details: { pause_timeout, pause_reschedule } }, now),
      `The flow is paused, new tasks can execute after resuming flow run: ${id}.`,
    );
  },
};

/** A slot of each tag's limit is held from here until the task run leaves Running: all of them or none. */
export const secureTagSlots: TaskRule = {
  name: 'SecureTaskConcurrencySlots',
  from: ALL,
  to: only('RUNNING'),
  before({ run, facts, now }) {
    const limits = facts.slots.limits.filter((limit) => limit.active);
    const [first] = limits;
    if (!first) return undefined;
    // A run that asks again already has what it asks for.
    if (facts.slots.leasesOf(run.id).length > 0) return undefined;
    const closed = limits.find((limit) => limit.limit === 0);
    if (closed)
      return abort(`The concurrency limit on tag "${tagOf(closed.name)}" is 0 and will deadlock if the task tries to run again.`);
    const holder = { type: 'task_run', id: run.id } as const;
    if (
      facts.slots.take(
        limits.map((limit) => limit.id),
        holder,
        now,
        CENTURY,
      )
    )
      return undefined;
    const fullest = limits.reduce((worst, limit) => (fullness(limit) > fullness(worst) ? limit : worst), first);
    const average = Math.min(fullest.averageOccupancySeconds || facts.tagSlotWait, facts.tagSlotWait);
    const names = limits.map((limit) => tagOf(limit.name)).join(', ');
    return wait(Math.round(clampedPoisson(average)), `Concurrency limit reached for tags: ${names}`);
  },
  cleanup: releaseSlotsOf,
};

/** Seconds of a century: tag slots are given back by the run's end, not by the clock. */
const CENTURY = 100 * 365 * 86_400;

function fullness(limit: { activeSlots: number; limit: number }): number {
  return limit.activeSlots / limit.limit;
}

function tagOf(limitName: string): string {
  return limitName.slice('tag:'.length);
}

function releaseSlotsOf({ run, facts }: TaskTransition): void {
  for (const lease of facts.slots.leasesOf(run.id)) facts.slots.release(lease);
}

export const releaseTagSlots: Transform<TaskRunDraft, TaskRunFacts> = {
  name: 'ReleaseTaskConcurrencySlots',
  after(transition, stored) {
    if (stored.type !== 'RUNNING' && stored.type !== 'CANCELLING') releaseSlotsOf(transition);
  },
};

/** The parameters of a background task stay with it. */
export const copyTaskParametersId: TaskRule = {
  name: 'CopyTaskParametersID',
  from: only('SCHEDULED', 'PENDING'),
  to: only('PENDING', 'RUNNING'),
  before({ initial }, proposed) {
    proposed.state_details.task_parameters_id ??= initial?.state_details.task_parameters_id ?? null;
    return undefined;
  },
};

/** A failure is followed by another try while the policy has one left. */
export const retryFailedTasks: TaskRule = {
  name: 'RetryFailedTasks',
  from: only('RUNNING'),
  to: only('FAILED'),
  before({ run, now }, proposed) {
    const { retries, retry_delay, retry_jitter_factor } = run.empirical_policy;
    if (proposed.state_details.retriable === false || retries === null || run.run_count > retries) return undefined;
    const base = Array.isArray(retry_delay)
      ? (retry_delay[Math.min(run.run_count - 1, retry_delay.length - 1)] ?? 0)
      : (retry_delay ?? 0);
    const delay = retry_jitter_factor && base > 0 ? clampedPoisson(base, retry_jitter_factor) : base;
    const scheduled_time = formatTimestamp(now + Math.round(delay * SECOND));
    return reject(
      makeState(
        {
          type: 'SCHEDULED',
          name: 'AwaitingRetry',
          message: proposed.message,
          data: proposed.data,
          state_details: { scheduled_time },
        },
        now,
      ),
      'Retrying',
    );
  },
};

/** Running again has a name of its own. */
export const renameReruns: TaskRule = {
  name: 'RenameReruns',
  from: ALL,
  to: only('RUNNING'),
  before({ run, initial }) {
    if (!initial || run.run_count === 0) return undefined;
    return rename(initial.name === 'AwaitingRetry' ? 'Retrying' : 'Rerunning');
  },
};

/** A task run remembers in which run of its flow it ran. */
export const trackFlowRunCount: TaskRule = {
  name: 'UpdateFlowRunTrackerOnTasks',
  from: ALL,
  to: only('RUNNING'),
  after({ run, facts }) {
    if (facts.flowRun) run.flow_run_run_count = facts.flowRun.run_count;
  },
};

/** A result with a cache key is kept for others; the caller of the transition stores it. */
export const checkCacheKey: TaskRule = {
  name: 'CacheInsertion',
  from: ALL,
  to: only('COMPLETED'),
  before({ facts }, proposed) {
    const key = proposed.state_details.cache_key;
    return key && key.length > facts.maxCacheKeyLength
      ? reject(proposed, `Cache key exceeded maximum allowed length of ${facts.maxCacheKeyLength} characters.`)
      : undefined;
  },
};
