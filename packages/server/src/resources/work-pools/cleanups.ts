import { createHash, randomBytes } from 'node:crypto';
import { type Micros, SECOND } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import { json } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { QueryBuilder } from '../../storage/storage.ts';
import type { WorkerCleanupTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';

/** The infrastructure of a run whose process never said that it had been cancelled. */
const CANCELLING_TIMEOUT = 'cancelling_timeout_teardown.v1';

/** Nobody who could take infrastructure down came for so long: nothing waits for ever. */
const KEPT_SECONDS = 86_400;

export type Cleanup = Selectable<WorkerCleanupTable>;

/** A cleanup that a worker has for a while. */
export interface ReservedCleanup extends Cleanup {
  readonly reservation_token: string;
  readonly reservation_expiration: Micros;
}

export interface RunToCleanUp {
  readonly flowRunId: string;
  /** The state that it was cancelled in vain. */
  readonly stateId: string;
  readonly infrastructurePid: string | null;
  readonly workPoolId: string;
  readonly workQueueId: string;
}

/** Asks the workers of a run's pool to take its infrastructure down: once for each time that it was cancelled in vain. */
export async function requestCleanup(unit: WorkUnit, run: RunToCleanUp): Promise<void> {
  await unit.run(
    unit.db
      .insertInto('worker_cleanup')
      .values({
        id: nameUuid(`prefect:${CANCELLING_TIMEOUT}:${run.flowRunId}:${run.stateId}`),
        created: unit.now,
        work_pool_id: run.workPoolId,
        work_queue_id: run.workQueueId,
        kind: CANCELLING_TIMEOUT,
        target: json({ flow_run_id: run.flowRunId, infrastructure_pid: run.infrastructurePid }),
        delivery_count: 0,
        reservation_token: null,
        reservation_expiration: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing()),
  );
  unit.announce('cleanups', { workPoolId: run.workPoolId });
}

const URL_NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/** The UUID (version 5) that a name has below the namespace of URLs. */
function nameUuid(name: string): string {
  const hash = createHash('sha1').update(URL_NAMESPACE).update(name).digest('hex');
  const variant = ((Number.parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-${variant}${hash.slice(18, 20)}-${hash.slice(20, 32)}`;
}

/** Which cleanups a worker can do. */
export interface CleanupsWanted {
  readonly poolId: string;
  readonly kinds: readonly string[];
  /** Whose cleanups come first; those of the other queues follow. */
  readonly queueIds: readonly string[];
  readonly limit: number;
}

/** Tells whether a worker could have a cleanup: what a look costs while there is none. */
export function selectFreeCleanups(db: QueryBuilder, { poolId, kinds }: Pick<CleanupsWanted, 'poolId' | 'kinds'>, now: Micros) {
  return db
    .selectFrom('worker_cleanup')
    .selectAll()
    .where('work_pool_id', '=', poolId)
    .where('kind', 'in', [...kinds])
    .where((where) => where.or([where('reservation_token', 'is', null), where('reservation_expiration', '<=', now)]));
}

/** Hands a worker what it can do, oldest first; each is its own until the lease expires. */
export async function reserveCleanups(unit: WorkUnit, wanted: CleanupsWanted): Promise<ReservedCleanup[]> {
  const { leaseSeconds, maxDeliveries } = unit.settings.workerCleanups;
  const free = selectFreeCleanups(unit.db, wanted, unit.now)
    .where('delivery_count', '<', maxDeliveries)
    .orderBy(sql`case when work_queue_id in (${sql.join(wanted.queueIds)}) then 0 else 1 end`)
    .orderBy('created')
    .orderBy('id')
    .limit(wanted.limit);
  const reserved: ReservedCleanup[] = [];
  for (const cleanup of await unit.all(locked(unit.db, free, 'worker_cleanup'))) {
    const reservation = {
      delivery_count: cleanup.delivery_count + 1,
      reservation_token: randomBytes(32).toString('base64url'),
      reservation_expiration: unit.now + leaseSeconds * SECOND,
    };
    await unit.run(unit.db.updateTable('worker_cleanup').set(reservation).where('id', '=', cleanup.id));
    reserved.push({ ...cleanup, ...reservation });
  }
  return reserved;
}

export type CleanupOperation = 'ack' | 'release' | 'renew';

/** What became of what a worker said about a cleanup. */
export type CleanupOutcome =
  | { readonly status: 'accepted' | 'dead_lettered'; readonly expiration: Micros | null }
  | { readonly status: 'not_found' | 'not_current' | 'invalid_token' | 'expired' };

/**
 * Does what a worker says about a cleanup that it has: it is done, another should try, or it takes longer. Who has had a cleanup only
 * counts for as long as nobody else may.
 */
export async function settleCleanup(
  unit: WorkUnit,
  operation: CleanupOperation,
  { id, poolId, token }: { id: string; poolId: string; token: string },
): Promise<CleanupOutcome> {
  const { leaseSeconds, maxDeliveries } = unit.settings.workerCleanups;
  const query = unit.db.selectFrom('worker_cleanup').selectAll().where('id', '=', id).where('work_pool_id', '=', poolId);
  const cleanup = await unit.first(locked(unit.db, query, 'worker_cleanup'));
  if (!cleanup) return { status: 'not_found' };
  if (cleanup.reservation_token === null) return { status: 'not_current' };
  if (cleanup.reservation_token !== token) return { status: 'invalid_token' };
  if ((cleanup.reservation_expiration ?? 0) <= unit.now) return { status: 'expired' };
  if (operation === 'renew') {
    const expiration = unit.now + leaseSeconds * SECOND;
    await unit.run(unit.db.updateTable('worker_cleanup').set({ reservation_expiration: expiration }).where('id', '=', id));
    return { status: 'accepted', expiration };
  }
  if (operation === 'ack') {
    await unit.run(unit.db.deleteFrom('worker_cleanup').where('id', '=', id));
    return { status: 'accepted', expiration: null };
  }
  await returnCleanup(unit, cleanup);
  return { status: cleanup.delivery_count < maxDeliveries ? 'accepted' : 'dead_lettered', expiration: null };
}

/** Gives a cleanup to others, or gives it up once it was handed out often enough. */
async function returnCleanup(unit: WorkUnit, cleanup: Cleanup): Promise<void> {
  if (cleanup.delivery_count >= unit.settings.workerCleanups.maxDeliveries) {
    await unit.run(unit.db.deleteFrom('worker_cleanup').where('id', '=', cleanup.id));
    return;
  }
  const nobody = { reservation_token: null, reservation_expiration: null };
  await unit.run(unit.db.updateTable('worker_cleanup').set(nobody).where('id', '=', cleanup.id));
  unit.announce('cleanups', { workPoolId: cleanup.work_pool_id });
}

/** Takes back what workers had for too long, so that others get it; answers the cleanups that were given up, whose infrastructure may still run. */
export async function takeBackCleanups(unit: WorkUnit): Promise<Cleanup[]> {
  const { batchSize, maxDeliveries } = unit.settings.workerCleanups;
  const overdue = selectOverdueCleanups(unit.db, unit.now).orderBy('id').limit(batchSize);
  const givenUp: Cleanup[] = [];
  for (const cleanup of await unit.all(locked(unit.db, overdue, 'worker_cleanup'))) {
    if (cleanup.delivery_count >= maxDeliveries) givenUp.push(cleanup);
    if (cleanup.created >= unit.now - KEPT_SECONDS * SECOND) await returnCleanup(unit, cleanup);
    else await unit.run(unit.db.deleteFrom('worker_cleanup').where('id', '=', cleanup.id));
  }
  return givenUp;
}

/** Cleanups whose worker had them for too long, and such as nobody ever came for. */
export function selectOverdueCleanups(db: QueryBuilder, now: Micros) {
  return db
    .selectFrom('worker_cleanup')
    .selectAll()
    .where((where) =>
      where.or([
        where('reservation_expiration', '<=', now),
        where.and([where('reservation_token', 'is', null), where('created', '<', now - KEPT_SECONDS * SECOND)]),
      ]),
    );
}
