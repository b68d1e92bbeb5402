import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import { deleteFlow } from '../resources/delete-flow.ts';
import { deleteFlowRun } from '../resources/delete-flow-run.ts';
import type { Routes } from './route.ts';

/** Many flow runs at once, each in a transaction of its own. */
export const flowRunBulkRoutes: Routes = {
  'POST /flow_runs/bulk_set_state': async ({ body, client }, core) => {
    const results = [];
    for (const id of await matchingIds(core, body.flow_runs, body.limit ?? 50)) {
      try {
        const result = await core.write((unit) =>
          proposeFlowRunState(unit, id, body.state, { force: body.force ?? false, client }),
        );
        results.push({ flow_run_id: id, ...result });
      } catch (error) {
        const details = { type: 'abort_details' as const, reason: error instanceof Error ? error.message : String(error) };
        results.push({ flow_run_id: id, status: 'ABORT' as const, state: null, details });
      }
    }
    return { results };
  },

  'POST /flow_runs/bulk_delete': async ({ body }, core) => {
    const ids = await matchingIds(core, body.flow_runs, body.limit ?? 50);
    for (const id of ids) await core.write((unit) => deleteFlowRun(unit, id));
    return { deleted: ids };
  },

  'POST /flows/bulk_delete': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('flow')
        .select('id')
        .where(matching(db, 'flow', { flows: body.flows }))
        .limit(body.limit ?? 50),
    );
    const ids = rows.map(({ id }) => id);
    for (const id of ids) await core.write((unit) => deleteFlow(unit, id));
    return { deleted: ids };
  },
};

async function matchingIds(core: Core, flow_runs: object | null | undefined, limit: number): Promise<string[]> {
  if (limit < 1) throw new DetailError(422, 'Invalid limit: must be greater than or equal to 1.');
  const db = core.storage.builder;
  const rows = await core.scan.all(
    db
      .selectFrom('flow_run')
      .select('id')
      .where(matching(db, 'flow_run', { flow_runs }))
      .orderBy('id', 'desc')
      .limit(limit),
  );
  return rows.map(({ id }) => id);
}
