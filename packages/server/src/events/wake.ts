import { formatTimestamp, type Micros, SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import type { Topics } from './bus.ts';
import { type ClientSocket, parseFrame, type SocketRoute } from './sockets.ts';

/** Workers claim runs so long before they are due, unless they say otherwise. */
const USUAL_PREFETCH_SECONDS = 10;
/** Wakes that come together are told as one. */
const COALESCE_MILLIS = 5;
/** Timers end after some weeks; this far ahead we look again. */
const LONGEST_TIMER: Micros = 3600 * SECOND;

/**
 * Where workers wait for work: they are told to poll whenever a run of their queues is or becomes due, a slot becomes free, or their pool
 * or a queue of it changes. Polling remains what counts, a wake that is lost costs time only. This is an extension of the API.
 */
export const wake: SocketRoute = {
  path: '/work_pools/{name}/wake',
  async serve(socket, { name = '' }, core) {
    const subscription = await readSubscription(socket);
    if (!subscription) return;
    const waker = new Waker(socket, core, name, subscription);
    const stops = [
      core.bus.subscribe('due', (due) => waker.onDue(due)),
      core.bus.subscribe('changed', (changed) => waker.onChanged(changed)),
    ];
    try {
      if (!(await waker.look())) return void socket.close(1008, `Work pool "${name}" not found.`);
      await socket.gone();
    } finally {
      for (const stop of stops) stop();
      waker.stop();
    }
  },
};

interface Subscription {
  /** All queues of the pool when empty. */
  readonly queueNames: readonly string[];
  readonly prefetch: Micros;
}

async function readSubscription(socket: ClientSocket): Promise<Subscription | undefined> {
  const frame = await socket.next();
  if (frame === undefined) return undefined;
  const message = parseFrame(frame);
  if (message?.type !== 'subscribe') return void socket.close(1002, "Expected 'subscribe' message");
  const { work_queue_names: names, prefetch_seconds: prefetch } = message;
  return {
    queueNames: Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [],
    prefetch: (typeof prefetch === 'number' && prefetch >= 0 ? prefetch : USUAL_PREFETCH_SECONDS) * SECOND,
  };
}

/** Wakes one worker. */
class Waker {
  readonly #socket: ClientSocket;
  readonly #core: Core;
  readonly #pool: string;
  readonly #subscription: Subscription;
  #poolId = '';
  /** Every queue of the pool, so that a slot that becomes free in any of them wakes those who share the pool's limit. */
  #poolQueues = new Set<string>();
  #queues = new Set<string>();
  #isLimited = false;
  #sending: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #next: Micros = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor(socket: ClientSocket, core: Core, pool: string, subscription: Subscription) {
    this.#socket = socket;
    this.#core = core;
    this.#pool = pool;
    this.#subscription = subscription;
  }

  /** Reads what there is to wait for, and wakes at once if something is due already. False when the pool is not there. */
  async look(): Promise<boolean> {
    const rows = await this.#core.read.all(
      this.#core.storage.builder
        .selectFrom('work_pool')
        .innerJoin('work_queue', 'work_queue.work_pool_id', 'work_pool.id')
        .select(['work_pool.id as pool_id', 'work_pool.concurrency_limit', 'work_queue.id', 'work_queue.name'])
        .where('work_pool.name', '=', this.#pool),
    );
    if (!rows[0]) return false;
    const { queueNames } = this.#subscription;
    this.#poolId = rows[0].pool_id;
    this.#isLimited = rows[0].concurrency_limit !== null;
    this.#poolQueues = new Set(rows.map(({ id }) => id));
    this.#queues = new Set(rows.filter(({ name }) => queueNames.length === 0 || queueNames.includes(name)).map(({ id }) => id));
    const due = await this.#earliestAfter(0);
    if (due === undefined) return true;
    this.#expect(due);
    await this.#expectNext();
    return true;
  }

  onDue({ workQueueId, at }: Topics['due']): void {
    const isNow = at <= this.#core.clock();
    if (this.#queues.has(workQueueId) || (isNow && this.#isLimited && this.#poolQueues.has(workQueueId))) this.#expect(at);
  }

  /** A pool or queue was paused, resumed, given another limit, created or deleted: what was held back may be free now. */
  onChanged({ kind, ids }: Topics['changed']): void {
    // A queue that is not known yet may have been added to our pool.
    if (kind === 'work-pool' ? ids.includes(this.#poolId) : kind === 'work-queue')
      this.look().catch((error) => this.#core.log.warn({ err: error, pool: this.#pool }, 'a worker could not be woken'));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#sending);
    clearTimeout(this.#timer);
  }

  /** Wakes the worker when it may claim what is due at `at`. */
  #expect(at: Micros): void {
    const now = this.#core.clock();
    if (at - this.#subscription.prefetch <= now) this.#send(Math.max(at, now));
    else if (at < this.#next) this.#sleepUntil(at);
  }

  #sleepUntil(at: Micros): void {
    if (this.#stopped) return;
    this.#next = at;
    clearTimeout(this.#timer);
    const wait = Math.min(at - this.#subscription.prefetch - this.#core.clock(), LONGEST_TIMER);
    this.#timer = setTimeout(() => {
      this.#next = Number.POSITIVE_INFINITY;
      this.#expect(at);
      this.#expectNext().catch((error) => this.#core.log.warn({ err: error, pool: this.#pool }, 'the next run was not found'));
    }, wait / 1000);
  }

  /** Waits for the earliest run that may not be claimed yet. */
  async #expectNext(): Promise<void> {
    const due = await this.#earliestAfter(this.#core.clock() + this.#subscription.prefetch);
    if (due !== undefined) this.#expect(due);
  }

  async #earliestAfter(time: Micros): Promise<Micros | undefined> {
    if (this.#queues.size === 0) return undefined;
    // One look into the index for each queue, however many runs are planned.
    const rows = await this.#core.read.all(
      this.#core.storage.builder
        .selectFrom('work_queue')
        .select(
          sql<Micros | null>`(select min(next_scheduled_start_time) from flow_run where flow_run.work_queue_id = work_queue.id
            and flow_run.state_type = 'SCHEDULED' and flow_run.next_scheduled_start_time > ${time})`.as('due'),
        )
        .where('id', 'in', [...this.#queues]),
    );
    const times = rows.flatMap(({ due }) => (due === null ? [] : [due]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #send(at: Micros): void {
    if (this.#stopped) return;
    this.#sending ??= setTimeout(() => {
      this.#sending = undefined;
      this.#socket.send(JSON.stringify({ type: 'wake', at: formatTimestamp(at) }));
    }, COALESCE_MILLIS);
  }
}
