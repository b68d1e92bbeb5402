import { formatTimestamp, uuid7, type WorkPoolResponse } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { ApiError } from '../errors.ts';
import { recordHeartbeat } from '../resources/work-pools/workers.ts';
import { type ClientSocket, parseFrame, type SocketRoute } from './sockets.ts';
import { CleanupDelivery } from './worker-channel/cleanup-delivery.ts';
import {
  CHANNEL_VERSION,
  CLEANUP_CAPABILITY,
  type Heartbeat,
  type Hello,
  REQUIRED_CAPABILITIES,
  readWorkerFrame,
  type WorkerFrame,
} from './worker-channel/frames.ts';
import { readPoolShown, type Welcome, welcomeWorker } from './worker-channel/greeting.ts';

/** Changes of a pool that come together are told as one. */
const COALESCE_MILLIS = 50;

/** Why a connection ends, in the words that workers know, with the code that goes with each. */
const CLOSE_CODES = {
  authorization_failed: 1008,
  unsupported_version: 1008,
  protocol_error: 1002,
  heartbeat_persistence_failed: 1011,
  transient_server_error: 1011,
} as const;

type CloseReason = keyof typeof CLOSE_CODES;

/**
 * Where workers send heartbeats, hear of changes of their pool and are asked to take infrastructure down. Whoever has no channel does the
 * first two with REST. Contract: deployments-and-workers 8.4.
 */
export const workerChannel: SocketRoute = {
  path: '/work_pools/{name}/workers/connect',
  authenticationRefusal: 'authentication_failed',
  async serve(socket, { name = '' }, core) {
    const reason = await new Channel(socket, core, name).run();
    if (reason) socket.close(CLOSE_CODES[reason], reason);
  },
};

type SnapshotReason = 'initial' | 'work_pool_updated';

class Channel {
  readonly #socket: ClientSocket;
  readonly #core: Core;
  readonly #poolName: string;
  #poolId = '';
  #snapshots = 0;
  /** The last snapshot as far as workers care. */
  #told = '';
  #telling: NodeJS.Timeout | undefined;

  constructor(socket: ClientSocket, core: Core, poolName: string) {
    this.#socket = socket;
    this.#core = core;
    this.#poolName = poolName;
  }

  /** Speaks with the worker; answers why the connection should end, or nothing when the worker left. */
  async run(): Promise<CloseReason | undefined> {
    if (!this.#socket.speaksSubprotocol) return 'protocol_error';
    const text = await this.#socket.next();
    if (text === undefined) return undefined;
    const frame = readWorkerFrame(parseFrame(text));
    if (frame?.type !== 'worker.hello.v1') return 'protocol_error';
    const hello = frame.payload;
    if (!REQUIRED_CAPABILITIES.every((needed) => hello.requested_capabilities.includes(needed))) return 'protocol_error';
    if (!hello.supported_channel_versions.includes(CHANNEL_VERSION)) return 'unsupported_version';
    try {
      return await this.#serve(hello, await welcomeWorker(this.#core, this.#poolName, hello));
    } catch (error) {
      if (error instanceof ApiError) return error.status === 422 ? 'protocol_error' : 'authorization_failed';
      this.#core.log.error({ err: error, pool: this.#poolName }, 'the channel of a worker failed');
      return 'transient_server_error';
    }
  }

  async #serve(hello: Hello, welcome: Welcome): Promise<CloseReason | undefined> {
    this.#poolId = welcome.poolId;
    const cleanups = acceptsCleanups(hello)
      ? new CleanupDelivery(this.#core, (type, payload) => this.#send(type, payload), hello, welcome)
      : undefined;
    const stops = [
      this.#core.bus.subscribe('changed', ({ kind, ids }) => {
        if (kind === 'work-pool' && ids.includes(this.#poolId)) this.#tellSoon();
      }),
      this.#core.bus.subscribe('cleanups', ({ workPoolId }) => {
        if (workPoolId === this.#poolId) cleanups?.look();
      }),
    ];
    try {
      const pool = await readPoolShown(this.#core, this.#poolId);
      if (!pool) return 'authorization_failed';
      this.#send('worker.ready.v1', this.#ready(hello, welcome, pool));
      cleanups?.look();
      return await this.#listen(hello, cleanups);
    } finally {
      for (const stop of stops) stop();
      clearTimeout(this.#telling);
      await cleanups?.stop();
    }
  }

  #ready(hello: Hello, { queues }: Welcome, pool: WorkPoolResponse): object {
    const accepted = acceptsCleanups(hello) ? [...REQUIRED_CAPABILITIES, CLEANUP_CAPABILITY] : [...REQUIRED_CAPABILITIES];
    return {
      consumer_id: hello.consumer_id,
      worker_id: null,
      selected_channel_version: CHANNEL_VERSION,
      effective_heartbeat_interval_seconds: hello.heartbeat_interval_seconds,
      accepted_capabilities: accepted,
      rejected_capabilities: hello.requested_capabilities.filter((wanted) => !accepted.some((known) => known === wanted)),
      effective_max_cleanup_concurrency: acceptsCleanups(hello) ? hello.max_cleanup_concurrency : 0,
      resolved_work_queues: queues.map(({ id, name }) => ({ id, name })),
      initial_snapshot: this.#snapshot('initial', pool),
    };
  }

  async #listen(hello: Hello, cleanups: CleanupDelivery | undefined): Promise<CloseReason | undefined> {
    for (let text = await this.#socket.next(); text !== undefined; text = await this.#socket.next()) {
      const frame = readWorkerFrame(parseFrame(text));
      if (!frame || frame.type === 'worker.hello.v1') return 'protocol_error';
      const reason =
        frame.type === 'worker.heartbeat.v1'
          ? await this.#onHeartbeat(hello, frame.payload)
          : await this.#onCleanup(frame, cleanups);
      if (reason) return reason;
      // What was announced while the line between servers was broken is found now.
      if (frame.type === 'worker.heartbeat.v1') cleanups?.look();
    }
    return undefined;
  }

  async #onHeartbeat(hello: Hello, heartbeat: Heartbeat): Promise<CloseReason | undefined> {
    if (heartbeat.consumer_id !== hello.consumer_id || heartbeat.worker_name !== hello.worker_name) return 'protocol_error';
    const { worker_name: name, heartbeat_interval_seconds: interval } = heartbeat;
    try {
      return await this.#core.write(async (unit) => {
        const pool = await unit.first(unit.db.selectFrom('work_pool').selectAll().where('id', '=', this.#poolId));
        if (!pool) return 'authorization_failed';
        await recordHeartbeat(unit, pool, { name, interval });
        return undefined;
      });
    } catch (error) {
      this.#core.log.warn({ err: error, worker: name }, 'a heartbeat could not be noted');
      return 'heartbeat_persistence_failed';
    }
  }

  async #onCleanup(
    frame: Extract<WorkerFrame, { type: `cleanup.${string}` }>,
    cleanups: CleanupDelivery | undefined,
  ): Promise<CloseReason | undefined> {
    if (!cleanups) return 'protocol_error';
    await cleanups.settle(frame);
    return undefined;
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#tell().catch((error) =>
        this.#core.log.warn({ err: error, pool: this.#poolName }, 'a worker was not told of its pool'),
      );
    }, COALESCE_MILLIS);
  }

  async #tell(): Promise<void> {
    const pool = await readPoolShown(this.#core, this.#poolId);
    if (!pool) return void this.#socket.close(CLOSE_CODES.authorization_failed, 'authorization_failed');
    if (shownToWorkers(pool) !== this.#told) this.#send('work_pool.snapshot.v1', this.#snapshot('work_pool_updated', pool));
  }

  #snapshot(reason: SnapshotReason, pool: WorkPoolResponse): object {
    this.#told = shownToWorkers(pool);
    this.#snapshots += 1;
    return { snapshot_sequence: this.#snapshots, reason, work_pool: pool };
  }

  #send(type: string, payload: object): void {
    this.#socket.send(JSON.stringify({ type, id: uuid7(), sent_at: formatTimestamp(this.#core.clock()), payload }));
  }
}

function acceptsCleanups(hello: Hello): boolean {
  return (
    hello.requested_capabilities.includes(CLEANUP_CAPABILITY) &&
    hello.handled_cleanup_kinds.length > 0 &&
    hello.max_cleanup_concurrency > 0
  );
}

/** The members of a pool that workers act upon. */
function shownToWorkers({ base_job_template, concurrency_limit, is_paused, storage_configuration }: WorkPoolResponse): string {
  return JSON.stringify([base_job_template, concurrency_limit, is_paused, storage_configuration]);
}
