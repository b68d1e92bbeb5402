import { AbortNode, ConcurrencyLeaseLost, orAbort } from '../context/abort.ts';
import { currentContext } from '../context/context.ts';
import { type Duration, toSeconds } from '../durations.ts';
import { guarded } from '../engine/process-guard.ts';
import { ConcurrencySlotAcquisitionError } from '../errors.ts';
import { emitIn } from '../events/emit.ts';
import { currentSession, type Session } from '../session/session.ts';
import { listOf, type Patience, takeSlots } from './take-slots.ts';

/** How slots are taken. */
export interface RateLimitOptions {
  /** How many of each limit. Default 1. */
  readonly slots?: number | undefined;
  /** How long to wait for them. Default: without end. */
  readonly timeout?: Duration | undefined;
  /** Refuses to go on when there is no limit of any of the names. Default false: a warning. */
  readonly strict?: boolean | undefined;
}

/** How slots are taken and held. */
export interface ConcurrencyOptions extends RateLimitOptions {
  /** Further requests after a refused one. Default: without end. */
  readonly maxRetries?: number | undefined;
  /** How long the slots stay taken when the process is gone; it renews the lease as long as it lives. Default: 5 minutes. */
  readonly lease?: Duration | undefined;
  /** Stops the work when the lease is lost. Default: as `strict`. */
  readonly stopOnLoss?: boolean | undefined;
}

const LEASE_SECONDS = 300;
const RENEW_AFTER_SHARE = 0.75;

/** A limit whose slots were taken. */
interface TakenLimit {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
}

/** Does work while holding slots. See `concurrency` of the package's root. */
export async function withSlots<T>(
  names: readonly string[],
  options: ConcurrencyOptions,
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const context = currentContext();
  const session = currentSession();
  const around = context.task ?? context.flow;
  const node = new AbortNode(around ? (around.attempt ?? around.node) : session.node);
  const run = async () => {
    const release = await hold(session, names, options, node);
    try {
      return await orAbort((async () => work(node.signal))(), node);
    } finally {
      node.dispose();
      const released = release();
      session.outstanding(released);
      // A run that is being stopped does not wait; its process does.
      if (!around?.node.aborted) await released;
    }
  };
  return around ? run() : guarded(run);
}

/** Takes slots that fill up again by themselves. See `rateLimit` of the package's root. */
export async function takeRate(names: readonly string[], options: RateLimitOptions): Promise<void> {
  if (names.length === 0) return;
  const session = currentSession();
  const slots = options.slots ?? 1;
  const body = { names: [...names], slots, mode: 'rate_limit' as const };
  const limits = await inTurn(session, names, () =>
    takeSlots(names, () => session.client.call('POST /v2/concurrency_limits/increment', { body }), patienceOf(options)),
  );
  warnOfNone(names, limits, options.strict ?? false);
  announce(session, 'acquired', limits, slots);
}

async function hold(
  session: Session,
  names: readonly string[],
  options: ConcurrencyOptions,
  node: AbortNode,
): Promise<() => Promise<void>> {
  if (names.length === 0) return async () => {};
  const slots = options.slots ?? 1;
  const seconds = toSeconds(options.lease ?? LEASE_SECONDS);
  const strict = options.strict ?? false;
  const body = { names: [...names], slots, mode: 'concurrency' as const, lease_duration: seconds, ...holder() };
  const { lease_id: leaseId, limits } = await inTurn(session, names, () =>
    takeSlots(names, () => session.client.call('POST /v2/concurrency_limits/increment-with-lease', { body }), {
      ...patienceOf(options),
      maxRetries: options.maxRetries,
    }),
  );
  warnOfNone(names, limits, strict);
  if (limits.length === 0) return async () => {};
  const acquired = announce(session, 'acquired', limits, slots);
  const stopRenewing = session.pulse.keep({ kind: 'lease', leaseId, seconds }, seconds * RENEW_AFTER_SHARE, (reason) => {
    const message = `The slots of ${listOf(names)} were lost while they were in use: ${reason}`;
    if (options.stopOnLoss ?? strict) node.abort(new ConcurrencyLeaseLost(message));
    else warn(message);
  });
  return async () => {
    stopRenewing();
    try {
      await session.client.call('POST /v2/concurrency_limits/decrement-with-lease', { body: { lease_id: leaseId } });
      announce(session, 'released', limits, slots, acquired);
    } catch (error) {
      warn(`The slots of ${listOf(names)} could not be given back; they are free again after ${seconds} seconds. ${error}`);
    }
  };
}

function patienceOf(options: RateLimitOptions): Patience {
  const { task, flow } = currentContext();
  const timeout = options.timeout === undefined ? undefined : toSeconds(options.timeout);
  return { timeout, maxRetries: undefined, node: (task ?? flow ?? currentSession()).node };
}

function holder(): { holder?: { type: 'task_run' | 'flow_run'; id: string } } {
  const { task, flow } = currentContext();
  if (task) return { holder: { type: 'task_run', id: task.run.id } };
  return flow ? { holder: { type: 'flow_run', id: flow.run.id } } : {};
}

const queues = new WeakMap<Session, Map<string, Promise<unknown>>>();

/** Requests for the same names one after the other: the first that waits is the first that gets. */
function inTurn<T>(session: Session, names: readonly string[], ask: () => Promise<T>): Promise<T> {
  const queue = queues.get(session) ?? new Map<string, Promise<unknown>>();
  queues.set(session, queue);
  const key = [...names].sort().join('\n');
  const mine = (queue.get(key) ?? Promise.resolve()).then(ask, ask);
  queue.set(key, mine);
  const leave = () => {
    if (queue.get(key) === mine) queue.delete(key);
  };
  mine.then(leave, leave);
  return mine;
}

function warnOfNone(names: readonly string[], limits: readonly TakenLimit[], strict: boolean): void {
  if (limits.length > 0) return;
  if (strict) {
    throw new ConcurrencySlotAcquisitionError(`There is no concurrency limit ${listOf(names)}.`, {
      hint: 'Make it in the dashboard or with `client.concurrencyLimits.create`, or leave out `strict`.',
    });
  }
  warn(`Concurrency limits [${listOf(names)}] do not exist - skipping acquisition.`);
}

function warn(message: string): void {
  const { task, flow } = currentContext();
  const log = task?.log ?? flow?.log;
  if (log) log.warn(message);
  else process.emitWarning(message, 'PrefectWarning');
}

/** Tells of the slots with one event a limit. @returns the ids of the events by limit */
function announce(
  session: Session,
  what: 'acquired' | 'released',
  limits: readonly TakenLimit[],
  slots: number,
  follows: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  return new Map(
    limits.map((limit) => {
      const resource = {
        'prefect.resource.id': `prefect.concurrency-limit.${limit.id}`,
        'prefect.resource.name': limit.name,
        'slots-acquired': String(slots),
        limit: String(limit.limit),
      };
      const related = limits
        .filter(({ id }) => id !== limit.id)
        .map(({ id }) => ({
          'prefect.resource.id': `prefect.concurrency-limit.${id}`,
          'prefect.resource.role': 'concurrency-limit',
        }));
      const event = emitIn(session, `prefect.concurrency-limit.${what}`, resource, { related, follows: follows.get(limit.id) });
      return [limit.id, event.id];
    }),
  );
}
