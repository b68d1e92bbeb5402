import { type ConcurrencyLimit, formatTimestamp, type MinimalConcurrencyLimitResponse } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { DetailError } from '../../errors.ts';
import { parseJson } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { ConcurrencyLimitTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { createLease, endLease, holdersByLimit } from './leases.ts';
import { createLimit, deleteLimit, minimalLimit, updateLimit } from './limits.ts';
import { addSlots, hasRoom, lockLimits } from './slots.ts';

const PREFIX = 'tag:';

/** Tag slots are given back by whoever took them; the lease only says who that is. */
const CENTURY_SECONDS = 100 * 365 * 86_400;

/** Sets the limit of a tag, new or not. */
export async function setTagLimit(unit: WorkUnit, tag: string, limit: number): Promise<{ id: string; created: boolean }> {
  const changed = await updateLimit(unit, PREFIX + tag, { limit });
  if (changed) return { id: changed.id, created: false };
  return { id: (await createLimit(unit, { name: PREFIX + tag, limit })).id, created: true };
}

/**
 * Takes a slot of each tag's limit for a task run: all or none.
 *
 * @throws DetailError 423: without `Retry-After` when waiting is in vain.
 */
export async function takeTagSlots(
  unit: WorkUnit,
  tags: readonly string[],
  taskRunId: string,
): Promise<MinimalConcurrencyLimitResponse[]> {
  const limits = inOrderOf(tags, await lockTagLimits(unit, tags));
  const active = limits.filter((limit) => limit.active === 1);
  const closed = active.find(({ limit }) => limit === 0);
  if (closed)
    throw new DetailError(
      423,
      `The concurrency limit on tag "${tagOf(closed)}" is 0 and will deadlock if the task tries to run again.`,
    );
  const [first] = active;
  if (first && !hasRoom(unit, active, 1)) {
    const wait = unit.settings.tagSlotWaitSeconds;
    throw new DetailError(423, `Concurrency limit for the ${tagOf(first)} tag has been reached`, {
      'retry-after': Number.isInteger(wait) ? wait.toFixed(1) : String(wait),
    });
  }
  await addSlots(unit, active, 1);
  if (active.length > 0)
    await createLease(unit, {
      limitIds: active.map(({ id }) => id),
      slots: 1,
      seconds: CENTURY_SECONDS,
      holder: { type: 'task_run', id: taskRunId },
    });
  return limits.map((limit) => ({ ...minimalLimit(limit), name: tagOf(limit) }));
}

/** Gives back every slot that a task run holds of these tags' limits; answers the limits that exist. */
export async function releaseTagSlots(
  unit: WorkUnit,
  tags: readonly string[],
  taskRunId: string,
): Promise<MinimalConcurrencyLimitResponse[]> {
  const limits = inOrderOf(tags, await lockTagLimits(unit, tags));
  const ids = new Set(limits.map(({ id }) => id));
  const held = await unit.all(
    unit.db.selectFrom('concurrency_lease').selectAll().where('holder_type', '=', 'task_run').where('holder_id', '=', taskRunId),
  );
  for (const lease of held) if (parseJson<string[]>(lease.resource_ids).some((id) => ids.has(id))) await endLease(unit, lease);
  return limits.map(minimalLimit);
}

/** Empties a tag's limit and fills it with slots of the task runs named; answers whether there is such a limit. */
export async function resetTagLimit(unit: WorkUnit, tag: string, taskRunIds: readonly string[]): Promise<boolean> {
  const [limit] = await lockTagLimits(unit, [tag]);
  if (!limit) return false;
  await dropHolders(unit, limit.id);
  await unit.run(
    unit.db
      .updateTable('concurrency_limit')
      .set({ active_slots: taskRunIds.length, updated: unit.now })
      .where('id', '=', limit.id),
  );
  for (const id of taskRunIds)
    await createLease(unit, { limitIds: [limit.id], slots: 1, seconds: CENTURY_SECONDS, holder: { type: 'task_run', id } });
  return true;
}

/** Deletes the limit of a tag, found by `idOrTag`, with what its task runs hold of it. */
export async function deleteTagLimit(unit: WorkUnit, by: { id: string } | { tag: string }): Promise<boolean> {
  const limit = await unit.first(locked(unit.db, selectTagLimits(unit.db).where(...criterion(by)), 'concurrency_limit'));
  if (!limit) return false;
  await dropHolders(unit, limit.id);
  await deleteLimit(unit, limit.id);
  return true;
}

/** Reads the limit of a tag with the task runs that hold its slots. */
export async function readTagLimit(core: Core, by: { id: string } | { tag: string }): Promise<ConcurrencyLimit | undefined> {
  const row = await core.read.first(selectTagLimits(core.storage.builder).where(...criterion(by)));
  return row && (await tagLimitResponses(core, [row]))[0];
}

/** Lists limits of tags by name. */
export async function listTagLimits(core: Core, limit: number, offset: number): Promise<ConcurrencyLimit[]> {
  const rows = await core.scan.all(selectTagLimits(core.storage.builder).orderBy('name').limit(limit).offset(offset));
  return tagLimitResponses(core, rows);
}

function selectTagLimits(db: WorkUnit['db']) {
  return db.selectFrom('concurrency_limit').selectAll().where('name', 'like', `${PREFIX}%`);
}

function criterion(by: { id: string } | { tag: string }): ['id' | 'name', '=', string] {
  return 'id' in by ? ['id', '=', by.id] : ['name', '=', PREFIX + by.tag];
}

async function tagLimitResponses(core: Core, rows: readonly ConcurrencyLimitTable[]): Promise<ConcurrencyLimit[]> {
  if (rows.length === 0) return [];
  const leases = await core.scan.all(
    core.storage.builder
      .selectFrom('concurrency_lease')
      .selectAll()
      .where('holder_type', '=', 'task_run')
      .where('expiration', '>', core.clock())
      .orderBy('created'),
  );
  const holders = holdersByLimit(leases);
  return rows.map((row) => ({
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    tag: tagOf(row),
    concurrency_limit: row.limit,
    active_slots: holders.get(row.id) ?? [],
  }));
}

/** Ends what anybody holds of one limit. A lease over several limits keeps the others, whose slots are still taken. */
async function dropHolders(unit: WorkUnit, limitId: string): Promise<void> {
  const mentions = unit.db
    .selectFrom('concurrency_lease')
    .selectAll()
    .where(sql<boolean>`cast(resource_ids as text) like ${`%${limitId}%`}`);
  const leases = await unit.all(mentions);
  for (const lease of leases) {
    const ids = parseJson<string[]>(lease.resource_ids);
    if (!ids.includes(limitId)) continue;
    const others = ids.filter((id) => id !== limitId);
    await unit.run(
      others.length === 0
        ? unit.db.deleteFrom('concurrency_lease').where('id', '=', lease.id)
        : unit.db
            .updateTable('concurrency_lease')
            .set({ resource_ids: JSON.stringify(others) })
            .where('id', '=', lease.id),
    );
  }
}

function lockTagLimits(unit: WorkUnit, tags: readonly string[]): Promise<ConcurrencyLimitTable[]> {
  return lockLimits(
    unit,
    'name',
    tags.map((tag) => PREFIX + tag),
  );
}

function inOrderOf(tags: readonly string[], limits: readonly ConcurrencyLimitTable[]): ConcurrencyLimitTable[] {
  return limits.toSorted((a, b) => tags.indexOf(tagOf(a)) - tags.indexOf(tagOf(b)));
}

function tagOf({ name }: ConcurrencyLimitTable): string {
  return name.slice(PREFIX.length);
}
