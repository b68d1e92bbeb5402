import { SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { deleteArtifactsOfRun, deleteLogsOfRun } from './run-rows.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

/** What came in lately may belong to a run that is only just being made. */
const SETTLED = 3600 * SECOND;

/** Deletes logs and artifacts of flow runs that are not there any more. Contract: orchestration 17.8. */
export const orphanRetention: Service = {
  name: 'orphan-retention',
  every: ({ orphanRetention }) => (orphanRetention.enabled ? orphanRetention.loopSeconds : null),
  async run(core, signal) {
    if (!(await claimRound(core, 'orphan-retention', core.settings.orphanRetention.loopSeconds))) return;
    for (const [table, time, deleteOf] of [
      ['log', 'timestamp', deleteLogsOfRun],
      ['artifact', 'updated', deleteArtifactsOfRun],
    ] as const)
      for (let ids = await missingRuns(core, table, time); ids.length > 0; ids = await missingRuns(core, table, time))
        for (const id of ids) {
          if (signal?.aborted) return;
          await deleteOf(core, id);
        }
  },
};

/** Goes from run to run along the index instead of over every row. */
async function missingRuns(core: Core, table: 'log' | 'artifact', time: string): Promise<string[]> {
  const rows = sql.table(table);
  const first = '00000000-0000-0000-0000-000000000000';
  const query = sql<{ id: string }>`
    with recursive runs(id) as (
      select (select flow_run_id from ${rows} where flow_run_id > ${first} order by flow_run_id limit 1)
      union all
      select (select flow_run_id from ${rows} where flow_run_id > runs.id order by flow_run_id limit 1) from runs where id is not null
    )
    select id from runs where id is not null
      and not exists (select 1 from flow_run where flow_run.id = runs.id)
      and not exists (select 1 from ${rows} where flow_run_id = runs.id and ${sql.ref(time)} > ${core.clock() - SETTLED})
    limit ${core.settings.runRetention.rowsAtOnce}`;
  return (await core.scan.all({ compile: () => query.compile(core.storage.builder) })).map(({ id }) => id);
}
