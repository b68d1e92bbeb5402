import { formatTimestamp, type Micros } from '@prefect-ts/protocol';
import type { Core } from '../../core.ts';
import {
  type CleanupOperation,
  type CleanupOutcome,
  type CleanupsWanted,
  type ReservedCleanup,
  reserveCleanups,
  selectFreeCleanups,
  settleCleanup,
} from '../../resources/work-pools/cleanups.ts';
import { parseJson } from '../../storage/json-columns.ts';
import type { Hello, WorkerFrame } from './frames.ts';
import type { Welcome } from './greeting.ts';

type CleanupFrame = Extract<WorkerFrame, { type: `cleanup.${string}` }>;

/** After a failure of the database we look again so much later. */
const RETRY_MILLIS = 1_000;

const REASONS: Readonly<Record<Exclude<CleanupOutcome['status'], 'accepted'>, string>> = {
  not_found: 'message_not_found',
  not_current: 'message_not_reserved',
  invalid_token: 'reservation_token_mismatch',
  expired: 'reservation_expired',
  dead_lettered: 'max_delivery_attempts_reached',
};

/** Hands one worker as many cleanups at once as it can do. Those that it does not settle in time are anybody's again. */
export class CleanupDelivery {
  readonly #core: Core;
  readonly #send: (type: string, payload: object) => void;
  readonly #most: number;
  readonly #wanted: Omit<CleanupsWanted, 'limit'>;
  /** When the worker's lease on each cleanup expires. */
  readonly #held = new Map<string, Micros>();
  #looking: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(core: Core, send: (type: string, payload: object) => void, hello: Hello, { poolId, queues }: Welcome) {
    this.#core = core;
    this.#send = send;
    this.#most = hello.max_cleanup_concurrency;
    this.#wanted = { poolId, kinds: hello.handled_cleanup_kinds, queueIds: queues.map(({ id }) => id) };
  }

  /** Hands out what is free, now or once the look under way is over. */
  look(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => {
      this.#looking = undefined;
    });
  }

  /** Does what the worker says about a cleanup, and tells it what became of that. */
  async settle({ id: requestId, type, payload }: CleanupFrame): Promise<void> {
    const operation = type.split('.')[1] as CleanupOperation;
    const { message_id: id, reservation_token: token } = payload;
    const outcome = await this.#core.write((unit) => settleCleanup(unit, operation, { id, poolId: this.#wanted.poolId, token }));
    const expiration = 'expiration' in outcome ? outcome.expiration : null;
    this.#send('cleanup.operation_result.v1', {
      request_frame_id: requestId,
      message_id: id,
      operation,
      status: outcome.status,
      lease_expires_at: expiration === null ? null : formatTimestamp(expiration),
      reason: outcome.status === 'accepted' ? null : REASONS[outcome.status],
      detail: null,
    });
    if (outcome.status === 'dead_lettered')
      this.#core.log.warn({ cleanup: id }, 'no worker took down the infrastructure of a cancelled run: it may still be there');
    if (expiration !== null) this.#held.set(id, expiration);
    // With a wrong token it speaks of a reservation before the one that it may have now.
    else if (outcome.status !== 'invalid_token') this.#held.delete(id);
    this.look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#handOut();
      } catch (error) {
        this.#core.log.warn({ err: error, pool: this.#wanted.poolId }, 'cleanups could not be handed out');
        this.#lookIn(RETRY_MILLIS);
      }
    }
  }

  async #handOut(): Promise<void> {
    const now = this.#core.clock();
    for (const [id, expiration] of this.#held) if (expiration <= now) this.#held.delete(id);
    const limit = this.#most - this.#held.size;
    if (limit > 0) {
      const free = selectFreeCleanups(this.#core.storage.builder, this.#wanted, now).limit(1);
      if (await this.#core.read.first(free)) {
        const reserved = await this.#core.write((unit) => reserveCleanups(unit, { ...this.#wanted, limit }));
        for (const cleanup of reserved) this.#deliver(cleanup);
      }
    }
    if (this.#held.size > 0) this.#lookIn((Math.min(...this.#held.values()) - this.#core.clock()) / 1000 + 1);
  }

  #deliver(cleanup: ReservedCleanup): void {
    this.#held.set(cleanup.id, cleanup.reservation_expiration);
    this.#send('cleanup.message.v1', {
      message_id: cleanup.id,
      reservation_token: cleanup.reservation_token,
      lease_expires_at: formatTimestamp(cleanup.reservation_expiration),
      delivery_count: cleanup.delivery_count,
      work_queue_id: cleanup.work_queue_id,
      kind: cleanup.kind,
      target: parseJson(cleanup.target),
      data: {},
    });
  }

  #lookIn(millis: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.look(), Math.max(0, millis));
  }
}
