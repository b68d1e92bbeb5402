import type { FlowRunResponse } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { randomName } from '../names/index.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import { countRuns } from '../resources/count-runs.ts';
import { type CreatedFlowRun, createFlowRun } from '../resources/create-flow-run.ts';
import { deleteFlowRun } from '../resources/delete-flow-run.ts';
import { type FlowRunRow, flowRunResponse, listFlowRuns, selectFlowRuns } from '../resources/flow-runs.ts';
import { flowRunPolicy } from '../resources/run-policies.ts';
import { resolveWorkQueue } from '../resources/work-queues.ts';
import { json, jsonOrNull, parseJson } from '../storage/json-columns.ts';
import { statement } from '../storage/statement.ts';
import { limitOf, page } from './limits.ts';
import { checkParameterSize } from './parameter-size.ts';
import { Reply, type Routes } from './route.ts';

const flowRunById = statement((db, p: { id: string }) => selectFlowRuns(db).where('flow_run.id', '=', p.id));

/** Reads a flow run that must be there. */
async function readFlowRun(core: Core, id: string): Promise<FlowRunResponse> {
  const row = await core.read.first(flowRunById(core.storage.builder, { id }));
  if (!row) throw new DetailError(404, 'Flow run not found');
  return flowRunResponse(row, core.clock());
}

export const flowRunRoutes: Routes = {
  'POST /flow_runs/': async ({ body, client, createdBy }, core) => {
    checkParameterSize(body.parameters, core.settings, body);
    const run = await core.write(async (unit) => {
      const queue = body.work_pool_name
        ? await resolveWorkQueue(unit, { pool: body.work_pool_name, queue: body.work_queue_name })
        : undefined;
      return createFlowRun(unit, { ...body, work_queue_id: queue?.id, created_by: createdBy }, client);
    });
    return flowRunReply(core, run);
  },

  'GET /flow_runs/{id}': ({ path }, core) => readFlowRun(core, path.id),

  'PATCH /flow_runs/{id}': async ({ path, body, sent }, core) => {
    if (body.parameters) checkParameterSize(body.parameters, core.settings, body);
    await core.write(async (unit) => {
      const changed = await unit.run(
        unit.db
          .updateTable('flow_run')
          .set({
            updated: unit.now,
            ...(sent('name') ? { name: body.name || randomName() } : {}),
            ...(sent('flow_version') ? { flow_version: body.flow_version ?? null } : {}),
            ...(sent('parameters') && body.parameters ? { parameters: json(body.parameters) } : {}),
            ...(sent('empirical_policy') ? { empirical_policy: json(flowRunPolicy(body.empirical_policy)) } : {}),
            ...(sent('tags') && body.tags ? { tags: json(body.tags) } : {}),
            ...(sent('infrastructure_pid') ? { infrastructure_pid: body.infrastructure_pid ?? null } : {}),
            ...(sent('job_variables') ? { job_variables: jsonOrNull(body.job_variables) } : {}),
          })
          .where('id', '=', path.id),
      );
      if (changed === 0) throw new DetailError(404, 'Flow run not found');
      unit.announce('changed', { kind: 'flow-run', ids: [path.id] });
    });
    return undefined;
  },

  'DELETE /flow_runs/{id}': async ({ path }, core) => {
    const found = await core.write((unit) => deleteFlowRun(unit, path.id));
    if (!found) throw new DetailError(404, 'Flow run not found');
    return undefined;
  },

  'POST /flow_runs/{id}/set_state': async ({ path, body, client }, core) => {
    const before = core.clock();
    const result = await core.write((unit) =>
      proposeFlowRunState(unit, path.id, body.state, { force: body.force ?? false, client }),
    );
    return new Reply(isNewer(result.state?.timestamp, before) ? 201 : 200, result);
  },

  'POST /flow_runs/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const list = listFlowRuns(db, {
      filters: body,
      sort: body.sort ?? 'ID_DESC',
      limit: limitOf(body, core.settings),
      offset: body.offset ?? 0,
    });
    const rows = await core.scan.all(list);
    return responses(rows, core);
  },

  'POST /flow_runs/paginate': async ({ body }, core) => {
    const limit = limitOf(body, core.settings);
    const number = body.page ?? 1;
    const db = core.storage.builder;
    const list = listFlowRuns(db, {
      filters: body,
      sort: body.sort ?? 'ID_DESC',
      limit,
      offset: (number - 1) * limit,
    });
    const [count, rows] = await Promise.all([countRuns(core, 'flow_run', body), core.scan.all(list)]);
    return page(responses(rows, core), count, limit, number);
  },

  'POST /flow_runs/count': ({ body }, core) => countRuns(core, 'flow_run', body),

  'PATCH /flow_runs/{id}/labels': async ({ path, body }, core) => {
    await core.write(async (unit) => {
      const row = await unit.first(unit.db.selectFrom('flow_run').select('labels').where('id', '=', path.id));
      if (!row) throw new DetailError(404, 'Flow run not found');
      const labels = { ...parseJson<object>(row.labels), ...body };
      await unit.run(
        unit.db
          .updateTable('flow_run')
          .set({ labels: json(labels), updated: unit.now })
          .where('id', '=', path.id),
      );
    });
    return undefined;
  },
};

/** The answer to a wish for a run: 201 for one that was made, 200 for one that was there. */
export async function flowRunReply(core: Core, run: CreatedFlowRun): Promise<Reply<FlowRunResponse>> {
  if (run.created) return new Reply(201, flowRunResponse(run.row, core.clock()));
  return new Reply(200, await readFlowRun(core, run.id));
}

/** Tells whether the state that a transition answered was made by it. */
export function isNewer(timestamp: string | undefined, before: number): boolean {
  return timestamp !== undefined && Date.parse(timestamp) * 1000 + 1000 > before;
}

function responses(rows: readonly FlowRunRow[], core: Core): FlowRunResponse[] {
  const now = core.clock();
  return rows.map((row) => flowRunResponse(row, now));
}
