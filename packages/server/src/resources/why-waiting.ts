import { formatTimestamp, type Micros, SECOND, type State, type UiBlocker, type UiWaitingReason } from '@prefect-ts/protocol';

type Code = UiWaitingReason['code'];

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A run that holds a slot, and since when. */
export interface SlotHolder extends Named {
  readonly since: Micros | null;
}

/** A limit, how many of its slots are taken, and by whom. */
export interface Slots {
  readonly limit: number | null;
  readonly used: number;
  readonly holders: readonly SlotHolder[];
}

/** Everything that can keep a flow run from running, as it stood at one moment. */
export interface WaitingFacts {
  readonly now: Micros;
  readonly run: {
    readonly state: State | null;
    readonly since: Micros | null;
    /** When it should start. */
    readonly due: Micros | null;
  };
  readonly deployment: (Named & { readonly lastPolled: Micros | null; readonly isServed: boolean }) | null;
  /** The limit of the deployment. */
  readonly deploymentLimit: (Named & Slots & { readonly isActive: boolean }) | null;
  readonly queue: (Named & Slots & { readonly isPaused: boolean; readonly lastPolled: Micros | null }) | null;
  readonly pool:
    | (Named &
        Slots & {
          readonly isPaused: boolean;
          readonly statusSince: Micros | null;
          /** The server starts its runs itself. */
          readonly needsNoWorker: boolean;
        })
    | null;
  readonly workers: readonly (Named & { readonly isOnline: boolean; readonly lastHeartbeat: Micros | null })[];
  /** Runs of the same queue that are due before this one. */
  readonly ahead: number;
  /** How long a queue that is served may go without a poll. */
  readonly longestPollPause: Micros;
}

/** A run that was due only now is taken with the next poll of a worker. */
const USUAL_POLL: Micros = 15 * SECOND;

/** Says why a flow run does not run: every cause that holds now; none for a run that runs or has ended. */
export function whyWaiting(facts: WaitingFacts): UiWaitingReason[] {
  switch (facts.run.state?.type) {
    case 'SCHEDULED':
      return whyScheduled(facts);
    case 'PENDING':
      return [whyPending(facts)];
    case 'PAUSED':
      return [whyPaused(facts)];
    case 'CANCELLED':
      return whyCancelled(facts);
    default:
      return [];
  }
}

function whyScheduled(facts: WaitingFacts): UiWaitingReason[] {
  const { now, run } = facts;
  const { state, due } = run;
  if (state?.name === 'AwaitingConcurrencySlot') {
    const full = deploymentLimit(facts);
    return full.length > 0 ? full : [becameFree(facts)];
  }
  if (due !== null && due > now) {
    const retries = state?.name === 'AwaitingRetry';
    const message = retries
      ? `It failed and is tried again at ${formatTimestamp(due)}.`
      : `It is not due before ${formatTimestamp(due)}.`;
    return [reason(retries ? 'retry_delay' : 'not_due', message, { since: run.since, next_check: due })];
  }
  const causes = [...paused(facts), ...noWorker(facts), ...poolAndQueueLimits(facts), ...deploymentLimit(facts)];
  return causes.length > 0 ? causes : [notTaken(facts)];
}

function paused({ pool, queue }: WaitingFacts): UiWaitingReason[] {
  const causes: UiWaitingReason[] = [];
  if (pool?.isPaused)
    causes.push(
      reason('pool_paused', `Work pool "${pool.name}" is paused: run "prefect work-pool resume ${pool.name}" to go on.`, {
        since: pool.statusSince,
        blockers: [blocker('work-pool', pool, pool.statusSince)],
      }),
    );
  if (queue?.isPaused)
    causes.push(
      reason('queue_paused', `Work queue "${queue.name}" is paused.`, { blockers: [blocker('work-queue', queue, null)] }),
    );
  return causes;
}

function noWorker({ now, pool, queue, workers, deployment, longestPollPause }: WaitingFacts): UiWaitingReason[] {
  if (!pool || !queue) return deployment && !deployment.isServed ? [notServed(deployment)] : [];
  if (pool.needsNoWorker) return [];
  const start = `Start one with "prefect worker start --pool ${pool.name}".`;
  const online = workers.filter(({ isOnline }) => isOnline);
  if (online.length === 0) {
    const last = Math.max(...workers.map(({ lastHeartbeat }) => lastHeartbeat ?? 0));
    const message =
      workers.length === 0
        ? `Work pool "${pool.name}" has no worker. ${start}`
        : `No worker of work pool "${pool.name}" is online; the last one was heard at ${formatTimestamp(last)}. ${start}`;
    const blockers = workers.map((worker) => blocker('worker', worker, worker.lastHeartbeat));
    return [reason('no_worker_online', message, { since: workers.length === 0 ? null : last, blockers })];
  }
  if (queue.lastPolled !== null && queue.lastPolled >= now - longestPollPause) return [];
  const message = `The workers of work pool "${pool.name}" that are online do not ask for runs of its queue "${queue.name}".`;
  return [
    reason('no_worker_online', message, { since: queue.lastPolled, blockers: [blocker('work-queue', queue, queue.lastPolled)] }),
  ];
}

function notServed(deployment: NonNullable<WaitingFacts['deployment']>): UiWaitingReason {
  const message = `Deployment "${deployment.name}" has no work pool, and no process serves it now.`;
  return reason('no_worker_online', message, {
    since: deployment.lastPolled,
    blockers: [blocker('deployment', deployment, deployment.lastPolled)],
  });
}

function poolAndQueueLimits({ pool, queue, ahead }: WaitingFacts): UiWaitingReason[] {
  const causes: UiWaitingReason[] = [];
  const position = ahead === 0 ? '' : ` ${runs(ahead)} of its queue ${ahead === 1 ? 'is' : 'are'} before it.`;
  if (pool && isFull(pool))
    causes.push(full('pool_limit', `Work pool "${pool.name}" runs as many runs as it may (${taken(pool)}).${position}`, pool));
  if (queue && isFull(queue))
    causes.push(
      full('queue_limit', `Work queue "${queue.name}" runs as many runs as it may (${taken(queue)}).${position}`, queue),
    );
  return causes;
}

function deploymentLimit({ deployment, deploymentLimit: limit, run, now }: WaitingFacts): UiWaitingReason[] {
  if (!limit || (limit.isActive && !isFull(limit))) return [];
  const name = deployment?.name ?? limit.name;
  const message = limit.isActive
    ? `Deployment "${name}" runs as many runs at a time as it may (${taken(limit)}).`
    : `The concurrency limit of deployment "${name}" is not active, so nobody gets a slot of it.`;
  const next = run.due !== null && run.due > now ? run.due : null;
  return [full('deployment_limit', message, limit, { since: run.since, next_check: next })];
}

/** The slot that the run was refused is free by now. */
function becameFree({ run, deployment }: WaitingFacts): UiWaitingReason {
  const message = `A slot of deployment "${deployment?.name ?? ''}" has become free; the run asks for it again when it is due.`;
  return reason('deployment_limit', message, { since: run.since, next_check: run.due });
}

/** Nothing stands in the way, and yet nobody takes it. */
function notTaken(facts: WaitingFacts): UiWaitingReason {
  const { now, run, pool, queue, deployment } = facts;
  const due = run.due ?? run.since ?? now;
  if (!pool && !deployment)
    return reason('unknown', 'It belongs to no deployment and no work pool: only the process that created it can run it.', {
      since: run.since,
    });
  const asked = queue?.lastPolled ?? deployment?.lastPolled ?? null;
  if (pool && !pool.needsNoWorker && asked !== null && asked > due && now - due > USUAL_POLL)
    return reason(
      'worker_slots_full',
      `The workers of work pool "${pool.name}" have asked for runs since this one was due and did not take it: they run as many as they may.`,
      { since: due, blockers: pool.holders.map((holder) => blocker('flow-run', holder, holder.since)) },
    );
  return reason(
    'unknown',
    'It is due and should be taken at any moment: nothing is paused, no limit is full, and somebody who runs it is online.',
    { since: due, next_check: asked === null ? null : Math.max(now, asked + USUAL_POLL) },
  );
}

function whyPending({ run }: WaitingFacts): UiWaitingReason {
  const told = run.state?.message;
  const message = told
    ? `Its infrastructure is being started: ${told}`
    : 'It was claimed, and its process has not begun to run the flow yet.';
  return reason('infrastructure_pending', message, { since: run.since });
}

function whyPaused({ run }: WaitingFacts): UiWaitingReason {
  const until = run.state?.state_details.pause_timeout ?? null;
  const what = run.state?.state_details.run_input_keyset ? 'gives it its input' : 'resumes it';
  return { ...reason('awaiting_input', `It waits until somebody ${what}.`, { since: run.since }), next_check: until };
}

/** A run of a deployment that cancels what it has no slot for. */
function whyCancelled({ run, deployment, deploymentLimit: limit }: WaitingFacts): UiWaitingReason[] {
  if (run.state?.message !== 'Deployment concurrency limit reached.') return [];
  const message = `Deployment "${deployment?.name ?? ''}" ran as many runs as it may, and cancels those beyond.`;
  return [reason('collision_cancelled', message, { since: run.since, limit: limit?.limit ?? null })];
}

interface Details {
  readonly since?: Micros | null;
  readonly next_check?: Micros | null;
  readonly blockers?: UiBlocker[];
  readonly limit?: number | null;
  readonly used?: number | null;
}

function reason(code: Code, message: string, { since, next_check, blockers, limit, used }: Details): UiWaitingReason {
  return {
    code,
    message,
    blockers: blockers ?? [],
    limit: limit ?? null,
    used: used ?? null,
    since: timestamp(since),
    next_check: timestamp(next_check),
  };
}

function full(code: Code, message: string, { limit, used, holders }: Slots, details: Details = {}): UiWaitingReason {
  return reason(code, message, {
    ...details,
    limit,
    used,
    blockers: holders.map((holder) => blocker('flow-run', holder, holder.since)),
  });
}

function blocker(kind: UiBlocker['kind'], { id, name }: Named, since: Micros | null): UiBlocker {
  return { kind, id, name, since: timestamp(since) };
}

function isFull({ limit, used }: Slots): boolean {
  return limit !== null && used >= limit;
}

function taken({ limit, used }: Slots): string {
  return `${used} of ${limit}`;
}

function runs(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

function timestamp(time: Micros | null | undefined): string | null {
  return time == null || time === 0 ? null : formatTimestamp(time);
}
