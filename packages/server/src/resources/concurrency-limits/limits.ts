import {
  type ConcurrencyLimitV2,
  formatTimestamp,
  type GlobalConcurrencyLimitResponse,
  isUuid,
  type Micros,
  type MinimalConcurrencyLimitResponse,
  uuid4,
} from '@prefect-ts/protocol';
import type { NewEvent } from '../../events/event-log.ts';
import { locked } from '../../storage/row-locks.ts';
import type { QueryBuilder } from '../../storage/storage.ts';
import type { ConcurrencyLimitTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { activeSlots } from './decay.ts';

/** A limit as somebody wants it; what is absent gets its default. */
export interface NewConcurrencyLimit {
  readonly name: string;
  readonly limit: number;
  readonly active?: boolean | undefined;
  readonly active_slots?: number | undefined;
  readonly denied_slots?: number | undefined;
  readonly slot_decay_per_second?: number | undefined;
}

/** What an update changes; absent members stay. */
export type ConcurrencyLimitChanges = Partial<
  Pick<ConcurrencyLimitTable, 'name' | 'limit' | 'active' | 'active_slots' | 'denied_slots' | 'slot_decay_per_second'>
>;

/** Seconds that a slot is thought to be held before anybody held one. */
const FIRST_AVERAGE_OCCUPANCY = 2;

/** Creates a limit. Throws IntegrityError when its name is taken. */
export async function createLimit(unit: WorkUnit, wanted: NewConcurrencyLimit): Promise<ConcurrencyLimitTable> {
  const row: ConcurrencyLimitTable = {
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    name: wanted.name,
    limit: wanted.limit,
    active: (wanted.active ?? true) ? 1 : 0,
    active_slots: wanted.active_slots ?? 0,
    denied_slots: wanted.denied_slots ?? 0,
    slot_decay_per_second: wanted.slot_decay_per_second ?? 0,
    avg_slot_occupancy_seconds: FIRST_AVERAGE_OCCUPANCY,
  };
  await unit.run(unit.db.insertInto('concurrency_limit').values(row));
  await unit.emit(limitEvent('created', row));
  return row;
}

/** Changes a limit; answers nothing when there is no such limit. */
export async function updateLimit(
  unit: WorkUnit,
  idOrName: string,
  changes: ConcurrencyLimitChanges,
): Promise<ConcurrencyLimitTable | undefined> {
  const row = await unit.first(locked(unit.db, selectLimit(unit.db, idOrName), 'concurrency_limit'));
  if (!row) return undefined;
  // Every write starts the decay anew, so what has decayed until now is settled with it.
  const changed = { ...row, active_slots: activeSlots(row, unit.now), ...changes, updated: unit.now };
  const { id, created, ...columns } = changed;
  await unit.run(unit.db.updateTable('concurrency_limit').set(columns).where('id', '=', id));
  await unit.emit(limitEvent('updated', changed));
  return changed;
}

/** Deletes a limit; its leases stay until they end, and then have nothing to give back. */
export async function deleteLimit(unit: WorkUnit, idOrName: string): Promise<ConcurrencyLimitTable | undefined> {
  const row = await unit.first(selectLimit(unit.db, idOrName));
  if (!row) return undefined;
  await unit.run(unit.db.deleteFrom('concurrency_limit').where('id', '=', row.id));
  await unit.emit(limitEvent('deleted', row));
  return row;
}

/** The limit that a text names: what looks like an id is one. */
export function selectLimit(db: QueryBuilder, idOrName: string) {
  return db
    .selectFrom('concurrency_limit')
    .selectAll()
    .where(isUuid(idOrName) ? 'id' : 'name', '=', idOrName);
}

/** A limit as its creation answers it, with everything that is stored. */
export function storedLimitResponse(row: ConcurrencyLimitTable): ConcurrencyLimitV2 {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    active: row.active === 1,
    name: row.name,
    limit: row.limit,
    active_slots: row.active_slots,
    denied_slots: row.denied_slots,
    slot_decay_per_second: row.slot_decay_per_second,
    avg_slot_occupancy_seconds: row.avg_slot_occupancy_seconds,
  };
}

/** A limit as it stands at `now`. */
export function limitResponse(row: ConcurrencyLimitTable, now: Micros): GlobalConcurrencyLimitResponse {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    active: row.active === 1,
    name: row.name,
    limit: row.limit,
    active_slots: activeSlots(row, now),
    slot_decay_per_second: row.slot_decay_per_second,
  };
}

/** A limit as those see it who take slots. */
export function minimalLimit({ id, name, limit }: ConcurrencyLimitTable): MinimalConcurrencyLimitResponse {
  return { id, name, limit };
}

function limitEvent(change: 'created' | 'updated' | 'deleted', row: ConcurrencyLimitTable): NewEvent {
  return {
    event: `prefect.concurrency-limit.${change}`,
    resource: { 'prefect.resource.id': `prefect.concurrency-limit.${row.id}`, 'prefect.resource.name': row.name },
    related: [],
    payload: { name: row.name, limit: row.limit, active: row.active === 1, slot_decay_per_second: row.slot_decay_per_second },
    follows: null,
  };
}
