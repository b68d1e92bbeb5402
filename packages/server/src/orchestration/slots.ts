import { type Micros, SECOND } from '@prefect-ts/protocol';
import { json, parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import type { ConcurrencyLeaseTable, ConcurrencyLimitTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';
import { type SlotChanges, type SlotLease, SlotLedger, type SlotLimit } from './slot-ledger.ts';

/** A run that may hold a slot of its deployment's limit. */
export interface SlotHolder {
  readonly flowRunId: string;
  readonly limitId: string | null;
  /** The lease that its state names: forced states forget it. */
  readonly leaseId: string | null;
}

/** The limit of a deployment and the leases that a run of it holds, locked until the unit ends. */
export async function readDeploymentSlots(unit: WorkUnit, holder: SlotHolder): Promise<SlotLedger> {
  if (holder.limitId === null && holder.leaseId === null) return new SlotLedger();
  const held = await readLeases(unit, holder);
  const limitIds = [...(holder.limitId ? [holder.limitId] : []), ...held.flatMap((lease) => lease.limitIds)];
  const limits = await readLimits(unit, [...new Set(limitIds)]);
  // Now that its limits are locked nobody else gives the slots of a lease back; before, somebody may have.
  return new SlotLedger(limits, held.length > 0 ? await readLeases(unit, holder) : []);
}

async function readLeases(unit: WorkUnit, { flowRunId, leaseId }: SlotHolder): Promise<SlotLease[]> {
  const rows = await unit.all(
    unit.db
      .selectFrom('concurrency_lease')
      .selectAll()
      .where((where) =>
        where.or([
          where.and([where('holder_id', '=', flowRunId), where('holder_type', '=', 'flow_run')]),
          ...(leaseId === null ? [] : [where('id', '=', leaseId)]),
        ]),
      ),
  );
  return rows.map(leaseOf);
}

/** The limits on a task run's tags and the leases that it holds, locked until the unit ends. */
export async function readTagSlots(unit: WorkUnit, taskRunId: string, tags: readonly string[]): Promise<SlotLedger> {
  if (tags.length === 0) return new SlotLedger();
  const names = tags.map((tag) => `tag:${tag}`);
  const rows = await unit.all(
    locked(
      unit.db,
      unit.db.selectFrom('concurrency_limit').selectAll().where('name', 'in', names).orderBy('name'),
      'concurrency_limit',
    ),
  );
  if (rows.length === 0) return new SlotLedger();
  const leases = await unit.all(unit.db.selectFrom('concurrency_lease').selectAll().where('holder_id', '=', taskRunId));
  return new SlotLedger(
    rows.map((row) => limitOf(row, unit.now)),
    leases.map(leaseOf),
  );
}

async function readLimits(unit: WorkUnit, ids: readonly string[]): Promise<SlotLimit[]> {
  if (ids.length === 0) return [];
  // Locked in the order of their ids, so that two units never wait for each other.
  const rows = await unit.all(
    locked(
      unit.db,
      unit.db.selectFrom('concurrency_limit').selectAll().where('id', 'in', ids).orderBy('id'),
      'concurrency_limit',
    ),
  );
  return rows.map((row) => limitOf(row, unit.now));
}

function limitOf(row: ConcurrencyLimitTable, now: Micros): SlotLimit {
  const decayed = Math.floor((row.slot_decay_per_second * (now - row.updated)) / SECOND);
  return {
    id: row.id,
    name: row.name,
    limit: row.limit,
    active: row.active === 1,
    activeSlots: Math.max(0, row.active_slots - Math.max(0, decayed)),
    averageOccupancySeconds: row.avg_slot_occupancy_seconds,
  };
}

function leaseOf(row: ConcurrencyLeaseTable): SlotLease {
  const type = row.holder_type as 'flow_run' | 'task_run' | 'deployment' | null;
  return {
    id: row.id,
    limitIds: parseJson<string[]>(row.resource_ids),
    slots: row.slots,
    created: row.created,
    expiration: row.expiration,
    holder: type && row.holder_id ? { type, id: row.holder_id } : null,
  };
}

/** Stores what a transition did to limits and leases. */
export async function writeSlotChanges(unit: WorkUnit, changes: SlotChanges): Promise<void> {
  const { db, now } = unit;
  for (const limit of changes.limits)
    await unit.run(
      db.updateTable('concurrency_limit').set({ active_slots: limit.activeSlots, updated: now }).where('id', '=', limit.id),
    );
  for (const lease of changes.created)
    await unit.run(
      db.insertInto('concurrency_lease').values({
        id: lease.id,
        created: lease.created,
        expiration: lease.expiration,
        resource_ids: json(lease.limitIds),
        slots: lease.slots,
        holder_type: lease.holder?.type ?? null,
        holder_id: lease.holder?.id ?? null,
      }),
    );
  for (const lease of changes.renewed)
    await unit.run(db.updateTable('concurrency_lease').set({ expiration: lease.expiration }).where('id', '=', lease.id));
  for (const id of changes.revoked) await unit.run(db.deleteFrom('concurrency_lease').where('id', '=', id));
}
