import { SECOND, uuid4 } from '@prefect-ts/protocol';
import type { SelectQueryBuilder } from '#kysely';
import { json, parseJson } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { ConcurrencyLeaseTable, Tables } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { addSlots, lockLimits } from './slots.ts';

export interface NewLease {
  readonly limitIds: readonly string[];
  readonly slots: number;
  readonly seconds: number;
  readonly holder: { readonly type: string; readonly id: string } | null;
}

/** Records who holds slots that were just taken, and until when. */
export async function createLease(unit: WorkUnit, { limitIds, slots, seconds, holder }: NewLease): Promise<string> {
  const id = uuid4();
  await unit.run(
    unit.db.insertInto('concurrency_lease').values({
      id,
      created: unit.now,
      expiration: Math.round(unit.now + seconds * SECOND),
      resource_ids: json(limitIds),
      slots,
      holder_type: holder?.type ?? null,
      holder_id: holder?.id ?? null,
    }),
  );
  return id;
}

/** Moves the end of a lease to `seconds` from now. One that has expired lives on, unless its slots were given back already. */
export async function renewLease(unit: WorkUnit, id: string, seconds: number): Promise<boolean> {
  const expiration = Math.round(unit.now + seconds * SECOND);
  return (await unit.run(unit.db.updateTable('concurrency_lease').set({ expiration }).where('id', '=', id))) > 0;
}

/** Gives the slots of a lease back, all of them once; answers whether there was such a lease. */
export async function releaseLease(unit: WorkUnit, id: string): Promise<boolean> {
  const lease = await unit.first(
    locked(unit.db, unit.db.selectFrom('concurrency_lease').selectAll().where('id', '=', id), 'concurrency_lease'),
  );
  if (!lease) return false;
  await endLease(unit, lease);
  return true;
}

/** Gives the slots of a lease back if its time is over: its holder may have renewed it since somebody last looked. */
export async function releaseExpiredLease(unit: WorkUnit, id: string): Promise<void> {
  const lease = await unit.first(
    locked(
      unit.db,
      unit.db.selectFrom('concurrency_lease').selectAll().where('id', '=', id).where('expiration', '<', unit.now),
      'concurrency_lease',
    ),
  );
  if (lease) await endLease(unit, lease);
}

/** Gives back every slot that runs hold which are about to be deleted. */
export async function releaseSlotsHeldBy(
  unit: WorkUnit,
  holders: SelectQueryBuilder<Tables, 'flow_run' | 'task_run', { id: string }>,
): Promise<void> {
  const held = await unit.all(
    unit.db.selectFrom('concurrency_lease').select('id').where('holder_id', 'in', holders).orderBy('id'),
  );
  for (const { id } of held) await releaseLease(unit, id);
}

/** Gives the slots of a lease back, once its row is locked. */
export async function endLease(unit: WorkUnit, lease: ConcurrencyLeaseTable): Promise<void> {
  const limits = await lockLimits(unit, 'id', parseJson<string[]>(lease.resource_ids));
  await addSlots(unit, limits, -lease.slots, (unit.now - lease.created) / SECOND);
  await unit.run(unit.db.deleteFrom('concurrency_lease').where('id', '=', lease.id));
}

/** The task runs that hold slots of limits, by the limit's id. */
export function holdersByLimit(leases: readonly ConcurrencyLeaseTable[]): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const { resource_ids, holder_id } of leases)
    for (const limitId of parseJson<string[]>(resource_ids))
      if (holder_id) holders.set(limitId, [...(holders.get(limitId) ?? []), holder_id]);
  return holders;
}
