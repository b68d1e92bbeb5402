import type { UiSearchResult } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';

/** Among so many of the newest flow runs names are looked for, so that a key stroke costs the same however many there are. */
const NEWEST_RUNS = 20_000;
const EACH = 6;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Found = Pick<UiSearchResult, 'kind' | 'id' | 'name'> & Partial<UiSearchResult>;

/** Finds objects of all kinds by a part of their name, or the one object that has an id. */
export async function searchObjects(core: Core, text: string): Promise<UiSearchResult[]> {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const found = UUID.test(wanted) ? await findById(core, wanted) : (await findByName(core, wanted)).sort(byRank(wanted));
  return found.map((result) => ({ detail: null, state_type: null, state_name: null, ...result }));
}

async function findByName(core: Core, text: string): Promise<Found[]> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const like = (column: string) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
  const db = core.storage.builder;
  const recent = db
    .selectFrom('flow_run')
    .select(['id', 'name', 'flow_id', 'state_type', 'state_name', 'expected_start_time'])
    .orderBy('expected_start_time', 'desc')
    .limit(NEWEST_RUNS)
    .as('recent');
  const [flows, deployments, pools, automations, runs] = await Promise.all([
    core.scan.all(db.selectFrom('flow').select(['id', 'name']).where(like('name')).orderBy('name').limit(EACH)),
    core.scan.all(
      db
        .selectFrom('deployment')
        .innerJoin('flow', 'flow.id', 'deployment.flow_id')
        .select(['deployment.id', 'deployment.name', 'flow.name as detail'])
        .where((where) => where.or([like('deployment.name'), like('flow.name')]))
        .orderBy('deployment.name')
        .limit(EACH),
    ),
    core.scan.all(
      db.selectFrom('work_pool').select(['id', 'name', 'type as detail']).where(like('name')).orderBy('name').limit(EACH),
    ),
    core.scan.all(db.selectFrom('automation').select(['id', 'name']).where(like('name')).orderBy('name').limit(EACH)),
    core.scan.all(
      db
        .selectFrom(recent)
        .innerJoin('flow', 'flow.id', 'recent.flow_id')
        .select(['recent.id', 'recent.name', 'flow.name as detail', 'state_type', 'state_name'])
        .where(like('recent.name'))
        .orderBy('expected_start_time', 'desc')
        .limit(EACH),
    ),
  ]);
  return [
    ...flows.map((row) => ({ kind: 'flow' as const, ...row })),
    ...deployments.map((row) => ({ kind: 'deployment' as const, ...row })),
    ...pools.map((row) => ({ kind: 'work-pool' as const, ...row })),
    ...automations.map((row) => ({ kind: 'automation' as const, ...row })),
    ...runs.map((row) => ({ kind: 'flow-run' as const, ...row })),
  ];
}

async function findById(core: Core, id: string): Promise<Found[]> {
  const db = core.storage.builder;
  const named = (table: 'flow' | 'deployment' | 'automation' | 'work_pool') =>
    core.scan.all(db.selectFrom(table).select(['id', 'name']).where('id', '=', id));
  const run = (table: 'flow_run' | 'task_run') =>
    core.scan.all(db.selectFrom(table).select(['id', 'name', 'state_type', 'state_name']).where('id', '=', id));
  const [flowRuns, taskRuns, flows, deployments, automations, pools] = await Promise.all([
    run('flow_run'),
    run('task_run'),
    named('flow'),
    named('deployment'),
    named('automation'),
    named('work_pool'),
  ]);
  return [
    ...flowRuns.map((row) => ({ kind: 'flow-run' as const, ...row })),
    ...taskRuns.map((row) => ({ kind: 'task-run' as const, ...row })),
    ...flows.map((row) => ({ kind: 'flow' as const, ...row })),
    ...deployments.map((row) => ({ kind: 'deployment' as const, ...row })),
    ...automations.map((row) => ({ kind: 'automation' as const, ...row })),
    ...pools.map((row) => ({ kind: 'work-pool' as const, ...row })),
  ];
}

/** Names that are the text come first, then those that begin with it; among the same the kinds keep their order. */
function byRank(text: string): (a: Found, b: Found) => number {
  const rank = ({ name }: Found) => {
    const lower = name.toLowerCase();
    return lower === text ? 0 : lower.startsWith(text) ? 1 : 2;
  };
  return (a, b) => rank(a) - rank(b);
}
