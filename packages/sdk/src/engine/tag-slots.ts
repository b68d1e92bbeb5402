import { takeSlots } from '../concurrency/take-slots.ts';
import type { Session } from '../session/session.ts';
import type { TaskRunScope } from './task-scope.ts';

const LEASE_SECONDS = 60;
const RENEW_AFTER_SHARE = 0.75;
const REMEMBER_NO_LIMITS_MS = 5000;

/** Tag sets that had no limits a moment ago: a burst of runs asks once. */
const withoutLimits = new WeakMap<Session, Map<string, number>>();

/** Takes one slot of the limit of each tag, waiting while they are taken (contract, SDK 27.2). @returns a function that gives them back */
export async function takeTagSlots(scope: TaskRunScope): Promise<() => void> {
  const { session, run } = scope;
  const names = run.tags.map((tag) => `tag:${tag}`).sort();
  const known = withoutLimits.get(session) ?? new Map<string, number>();
  withoutLimits.set(session, known);
  const setKey = names.join('\n');
  if ((known.get(setKey) ?? 0) > Date.now()) return () => {};
  const lease = await takeLease(scope, names);
  if (lease !== undefined) return holdLease(scope, lease);
  known.set(setKey, Date.now() + REMEMBER_NO_LIMITS_MS);
  return () => {};
}

/** The id of the lease, undefined when there are no limits of these names. */
async function takeLease({ session, run, node }: TaskRunScope, names: string[]): Promise<string | undefined> {
  const holder = { type: 'task_run' as const, id: run.id };
  const body = { names, slots: 1, mode: 'concurrency' as const, lease_duration: LEASE_SECONDS, holder };
  const ask = () => session.client.call('POST /v2/concurrency_limits/increment-with-lease', { body });
  const answer = await takeSlots(names, ask, { timeout: undefined, maxRetries: undefined, node });
  return answer.limits.length > 0 ? answer.lease_id : undefined;
}

function holdLease({ session, log }: TaskRunScope, leaseId: string): () => void {
  const job = { kind: 'lease', leaseId, seconds: LEASE_SECONDS } as const;
  const stopRenewing = session.pulse.keep(job, LEASE_SECONDS * RENEW_AFTER_SHARE, (reason) =>
    log.warn(`The concurrency slot of a tag was lost: ${reason}`),
  );
  return () => {
    stopRenewing();
    const body = { lease_id: leaseId };
    session.outstanding(
      session.client
        .call('POST /v2/concurrency_limits/decrement-with-lease', { body })
        .catch((error: unknown) => log.warn('The concurrency slot of a tag could not be given back.', error)),
    );
  };
}
