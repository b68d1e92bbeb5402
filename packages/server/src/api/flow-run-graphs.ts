import { SECOND, type State } from '@prefect-ts/protocol';
import { DetailError } from '../errors.ts';
import { flowRunGraph } from '../resources/flow-run-graph.ts';
import { estimatedRunTime, timestampOrNull } from '../resources/flow-runs.ts';
import { parseJson } from '../storage/json-columns.ts';
import type { Routes } from './route.ts';

/** How the task runs of a flow run depend on each other. */
export const flowRunGraphRoutes: Routes = {
  'GET /flow_runs/{id}/graph-v2': ({ path, query }, core) => flowRunGraph(core, path.id, query.since),

  'GET /flow_runs/{id}/graph': async ({ path }, core) => {
    const db = core.storage.builder;
    const run = await core.read.first(db.selectFrom('flow_run').select('id').where('id', '=', path.id));
    if (!run) throw new DetailError(404, 'Flow run not found');
    const rows = await core.scan.all(
      db.selectFrom('task_run').selectAll().where('flow_run_id', '=', path.id).orderBy('start_time'),
    );
    const now = core.clock();
    return rows.map((row) => {
      const state = parseJson<State | null>(row.state);
      return {
        id: row.id,
        name: row.name,
        upstream_dependencies: upstreams(parseJson<Record<string, { id?: string }[]>>(row.task_inputs)),
        state,
        expected_start_time: timestampOrNull(row.expected_start_time),
        start_time: timestampOrNull(row.start_time),
        end_time: timestampOrNull(row.end_time),
        total_run_time: row.total_run_time / SECOND,
        estimated_run_time: estimatedRunTime(row, now),
        untrackable_result: state?.state_details.untrackable_result ?? false,
      };
    });
  },
};

function upstreams(inputs: Record<string, { id?: string }[]>) {
  const ids = new Set(Object.values(inputs).flatMap((list) => list.flatMap(({ id }) => id ?? [])));
  return [...ids].map((id) => ({ input_type: 'task_run' as const, id }));
}
