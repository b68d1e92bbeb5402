import type { Core } from '../core.ts';
import { isServedByServer } from '../resources/work-pools/pool-status.ts';
import type { Service } from '../services/service.ts';
import { claimRound } from '../services/service-lease.ts';

/** A pool whose runs the server starts itself. */
export interface PoolToLaunch {
  readonly id: string;
  readonly name: string;
  readonly type: string;
}

/** What starts the runs of one pool, while it is served. */
export interface LaunchedPool {
  /** Settles when it has ended by itself; rejects with what it could not go on with. */
  readonly ended: Promise<void>;
  /** Lets go of the pool. Runs that were started go on. */
  stop(): Promise<void>;
}

/** Starts runs on infrastructure. The server has no such machinery of its own: whoever starts the server hands it in. */
export interface Launch {
  /** Why pools of this type are not served, in words for a person; undefined when they are. */
  refusal(type: string): string | undefined;
  /** Serves a pool through the API at this address. */
  open(pool: PoolToLaunch, apiUrl: string): Promise<LaunchedPool>;
}

/** Serves push and managed pools. */
export interface Launcher {
  readonly service: Service;
  /** Lets go of all pools. */
  stop(): Promise<void>;
}

const EVERY_SECONDS = 5;
/** Another server takes over when this one has not been heard of for so long. */
const LEASE_SECONDS = 20;
/** What cannot be served now is tried again then. */
const RETRY_MILLIS = 60_000;

interface Served {
  readonly pool: PoolToLaunch;
  readonly launched: LaunchedPool;
}

/**
 * Serves each push and managed pool from one server of a group: the one that holds the lease. A server that loses it lets go of its pools,
 * and the next finds the runs that were started, for they are on infrastructure that outlives a server.
 */
export function makeLauncher(launch: Launch, apiUrl: string): Launcher {
  const served = new Map<string, Served>();
  const waiting = new Map<string, { readonly pool: PoolToLaunch; readonly until: number }>();
  let stopped = false;

  async function round(core: Core): Promise<void> {
    if (stopped) return;
    const isOurs = await claimRound(core, 'launcher', LEASE_SECONDS);
    const pools = isOurs ? await readPools(core) : [];
    const current = new Map(pools.map((pool) => [pool.id, pool]));
    const gone = [...served.values()].filter(({ pool }) => !isSame(pool, current.get(pool.id)));
    await Promise.all(gone.map((one) => letGo(core, one)));
    await Promise.all(pools.filter(({ id }) => !served.has(id)).map((pool) => take(core, pool)));
  }

  async function take(core: Core, pool: PoolToLaunch): Promise<void> {
    const failed = waiting.get(pool.id);
    if (failed && isSame(failed.pool, pool) && Date.now() < failed.until) return;
    const refusal = launch.refusal(pool.type);
    if (refusal !== undefined) return putOff(core, pool, refusal);
    try {
      const launched = await launch.open(pool, apiUrl);
      const one = { pool, launched };
      served.set(pool.id, one);
      waiting.delete(pool.id);
      launched.ended.catch((error: unknown) => {
        if (served.get(pool.id) !== one) return;
        served.delete(pool.id);
        putOff(core, pool, messageOf(error));
      });
      core.log.info({ pool: pool.name, type: pool.type }, 'runs of a pool are started by this server');
    } catch (error) {
      putOff(core, pool, messageOf(error));
    }
  }

  function putOff(core: Core, pool: PoolToLaunch, why: string): void {
    waiting.set(pool.id, { pool, until: Date.now() + RETRY_MILLIS });
    core.log.warn({ pool: pool.name, type: pool.type }, `runs of a pool are not started: ${why}`);
  }

  async function letGo(core: Core, { pool, launched }: Served): Promise<void> {
    served.delete(pool.id);
    await launched.stop().catch((error: unknown) => core.log.error({ err: error, pool: pool.name }, 'a pool was not let go of'));
  }

  return {
    service: { name: 'launcher', every: () => EVERY_SECONDS, run: round },
    async stop() {
      stopped = true;
      const all = [...served.values()];
      served.clear();
      await Promise.allSettled(all.map(({ launched }) => launched.stop()));
    },
  };
}

async function readPools(core: Core): Promise<PoolToLaunch[]> {
  const pools = await core.scan.all(core.storage.builder.selectFrom('work_pool').select(['id', 'name', 'type']));
  return pools.filter(({ type }) => isServedByServer(type));
}

function isSame(one: PoolToLaunch, other: PoolToLaunch | undefined): boolean {
  return other !== undefined && one.name === other.name && one.type === other.type;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
