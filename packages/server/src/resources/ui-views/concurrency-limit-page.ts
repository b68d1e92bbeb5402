import {
  formatTimestamp,
  isUuid,
  type Micros,
  SECOND,
  type UiConcurrencyLimit,
  type UiConcurrencyLimitPage,
  type UiConcurrencyLimitPageRequest,
  type UiSlotHolder,
} from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { parseJson } from '../../storage/json-columns.ts';
import type { ConcurrencyLeaseTable } from '../../storage/tables.ts';
import { activeSlots } from '../concurrency-limits/decay.ts';

/** So many leases are looked through for holders, the newest ones. */
const MOST_LEASES = 1000;
/** So many holders of a limit are named. */
const MOST_HOLDERS = 50;
const TAG_PREFIX = 'tag:';
/** A lease that ends later than this ends only when its holder gives it back. */
const ENDLESS: Micros = 10 * 365 * 86_400 * SECOND;

/** Every concurrency limit with what is taken of it and by whom. */
export async function concurrencyLimitPage(
  core: Core,
  request: UiConcurrencyLimitPageRequest | undefined,
): Promise<UiConcurrencyLimitPage> {
  const db = core.storage.builder;
  const name = request?.name ?? '';
  const wanted = db
    .selectFrom('concurrency_limit')
    .$if(name !== '', (query) =>
      query.where(sql<boolean>`lower(name) like ${`%${escapeLike(name.toLowerCase())}%`} escape '\\'`),
    );
  const [rows, count, leases] = await Promise.all([
    core.scan.all(
      wanted
        .selectAll()
        .orderBy('name')
        .limit(request?.limit ?? 200),
    ),
    core.scan.first(wanted.select(sql<number>`count(*)`.as('count'))),
    core.scan.all(
      db
        .selectFrom('concurrency_lease')
        .selectAll()
        .where('expiration', '>', core.clock())
        .orderBy('created', 'desc')
        .limit(MOST_LEASES),
    ),
  ]);
  const names = await readNames(core, leases);
  const byLimit = new Map<string, UiSlotHolder[]>();
  for (const lease of leases)
    for (const id of parseJson<string[]>(lease.resource_ids))
      byLimit.set(id, [...(byLimit.get(id) ?? []), holderOf(lease, names, core.clock())]);
  return {
    results: rows.map((row): UiConcurrencyLimit => {
      const holders = byLimit.get(row.id) ?? [];
      return {
        id: row.id,
        name: row.name,
        tag: row.name.startsWith(TAG_PREFIX) ? row.name.slice(TAG_PREFIX.length) : null,
        active: row.active === 1,
        limit: row.limit,
        active_slots: activeSlots(row, core.clock()),
        slot_decay_per_second: row.slot_decay_per_second,
        updated: formatTimestamp(row.updated),
        holders: holders.slice(0, MOST_HOLDERS),
        holder_count: holders.length,
      };
    }),
    total: Number(count?.count ?? 0),
  };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

interface RunName {
  readonly kind: 'flow-run' | 'task-run';
  readonly name: string;
  readonly flowRunId: string | null;
}

/** The names of the runs that hold leases, by id. */
async function readNames(core: Core, leases: readonly ConcurrencyLeaseTable[]): Promise<Map<string, RunName>> {
  const ids = [...new Set(leases.flatMap(({ holder_id }) => (holder_id !== null && isUuid(holder_id) ? [holder_id] : [])))];
  if (ids.length === 0) return new Map();
  const db = core.storage.builder;
  const [flowRuns, taskRuns] = await Promise.all([
    core.scan.all(db.selectFrom('flow_run').select(['id', 'name']).where('id', 'in', ids)),
    core.scan.all(db.selectFrom('task_run').select(['id', 'name', 'flow_run_id']).where('id', 'in', ids)),
  ]);
  return new Map<string, RunName>([
    ...flowRuns.map(({ id, name }) => [id, { kind: 'flow-run', name, flowRunId: id }] as const),
    ...taskRuns.map(({ id, name, flow_run_id }) => [id, { kind: 'task-run', name, flowRunId: flow_run_id }] as const),
  ]);
}

function holderOf(lease: ConcurrencyLeaseTable, names: ReadonlyMap<string, RunName>, now: Micros): UiSlotHolder {
  const run = names.get(lease.holder_id ?? '');
  return {
    kind: run?.kind ?? 'other',
    id: lease.holder_id,
    name: run?.name ?? null,
    flow_run_id: run?.flowRunId ?? null,
    slots: lease.slots,
    since: formatTimestamp(lease.created),
    expires: lease.expiration > now + ENDLESS ? null : formatTimestamp(lease.expiration),
  };
}
