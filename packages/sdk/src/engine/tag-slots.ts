import { PrefectHTTPStatusError } from '../client/errors.ts';
import { readRetryAfter } from '../client/retry.ts';
import { pause } from '../context/abort.ts';
import type { Session } from '../session/session.ts';
import type { TaskRunScope } from './task-scope.ts';

const LEASE_SECONDS = 60;
const RENEW_AFTER_SHARE = 0.75;
const REMEMBER_NO_LIMITS_MS = 5000;
const WAIT_SECONDS = 1;
const LOCKED = 423;

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
  for (;;) {
    try {
      const answer = await session.client.call('POST /v2/concurrency_limits/increment-with-lease', { body });
      return answer.limits.length > 0 ? answer.lease_id : undefined;
    } catch (error) {
      if (!(error instanceof PrefectHTTPStatusError) || error.status !== LOCKED) throw error;
      await pause((readRetryAfter(error.retryAfter) ?? WAIT_SECONDS) * 1000, node);
    }
  }
}

function holdLease({ session, log }: TaskRunScope, leaseId: string): () => void {
  const renew = () =>
    session.client
      .call('POST /v2/concurrency_limits/leases/{lease_id}/renew', {
        path: { lease_id: leaseId },
        body: { lease_duration: LEASE_SECONDS },
      })
      .catch((error: unknown) => log.warn('The concurrency slot of a tag could not be renewed.', error));
  const timer = setInterval(renew, LEASE_SECONDS * RENEW_AFTER_SHARE * 1000).unref();
  return () => {
    clearInterval(timer);
    session.client
      .call('POST /v2/concurrency_limits/decrement-with-lease', { body: { lease_id: leaseId } })
      .catch((error: unknown) => log.warn('The concurrency slot of a tag could not be given back.', error));
  };
}
