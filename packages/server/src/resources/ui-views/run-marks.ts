import { SECOND, type UiRunMark } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { START, timestampOrNull } from '../flow-runs.ts';

/** How many runs a strip of last runs shows. */
const STRIP = 20;
/** How many queries one statement may put together; SQLite takes 500. */
const TOGETHER = 200;

/** The column by which runs belong to an object. */
export type RunOwner = 'flow_id' | 'deployment_id' | 'work_queue_id';

/** The last runs of each object that are not merely planned, oldest first. */
export async function lastRuns(core: Core, owner: RunOwner, ids: readonly string[]): Promise<Map<string, UiRunMark[]>> {
  const marks = await marksByOwner(core, ids, (id) =>
    selectMarks(core, owner, id)
      .where((where) => where.or([where('state_name', 'is', null), where('state_name', '<>', 'Scheduled')]))
      .orderBy(START, 'desc')
      .limit(STRIP),
  );
  for (const list of marks.values()) list.reverse();
  return marks;
}

/** The last runs of each work pool: of each of its queues, for which there is an index, put together. */
export async function lastRunsOfPools(core: Core, ids: readonly string[]): Promise<Map<string, UiRunMark[]>> {
  if (ids.length === 0) return new Map();
  const queues = await core.scan.all(
    core.storage.builder.selectFrom('work_queue').select(['id', 'work_pool_id']).where('work_pool_id', 'in', ids),
  );
  const marks = await lastRuns(
    core,
    'work_queue_id',
    queues.map(({ id }) => id),
  );
  const began = (mark: UiRunMark) => mark.start_time ?? mark.expected_start_time ?? '';
  return new Map(
    ids.map((id) => {
      const ofPool = queues.filter(({ work_pool_id }) => work_pool_id === id).flatMap((queue) => marks.get(queue.id) ?? []);
      return [id, ofPool.sort((a, b) => (began(a) < began(b) ? -1 : 1)).slice(-STRIP)];
    }),
  );
}

/** The run of each object that is planned first. */
export async function nextRuns(core: Core, owner: RunOwner, ids: readonly string[]): Promise<Map<string, UiRunMark>> {
  const marks = await marksByOwner(core, ids, (id) =>
    selectMarks(core, owner, id)
      // Written out, so that the partial indexes serve.
      .where(sql<boolean>`flow_run.state_type = 'SCHEDULED'`)
      .where('state_name', '=', 'Scheduled')
      .orderBy('next_scheduled_start_time', 'asc')
      .limit(1),
  );
  return new Map([...marks].flatMap(([id, [first]]) => (first ? [[id, first] as const] : [])));
}

type Marks = ReturnType<typeof selectMarks>;

function selectMarks(core: Core, owner: RunOwner, id: string) {
  return core.storage.builder
    .selectFrom('flow_run')
    .select(['id', 'name', 'state_type', 'state_name', 'expected_start_time', 'start_time', 'total_run_time'])
    .select(sql<string>`${id}`.as('owner'))
    .where(`flow_run.${owner}`, '=', id);
}

/** One statement for many objects: a limited query for each, which an index answers, put together. */
async function marksByOwner(core: Core, ids: readonly string[], query: (id: string) => Marks): Promise<Map<string, UiRunMark[]>> {
  const found = new Map<string, UiRunMark[]>();
  for (let start = 0; start < ids.length; start += TOGETHER) {
    const parts = ids
      .slice(start, start + TOGETHER)
      .map((id) => core.storage.builder.selectFrom(query(id).as('part')).selectAll());
    const [first, ...others] = parts;
    if (!first) continue;
    const rows = await core.scan.all(others.reduce((all, part) => all.unionAll(part), first));
    for (const row of rows) {
      const mark: UiRunMark = {
        id: row.id,
        name: row.name,
        state_type: row.state_type,
        state_name: row.state_name,
        expected_start_time: timestampOrNull(row.expected_start_time),
        start_time: timestampOrNull(row.start_time),
        total_run_time: row.total_run_time / SECOND,
      };
      const list = found.get(row.owner);
      if (list) list.push(mark);
      else found.set(row.owner, [mark]);
    }
  }
  return found;
}
