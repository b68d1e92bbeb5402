import { type FlowRunInput, formatTimestamp, uuid4 } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { resumeFlowRun } from '../resources/resume-flow-run.ts';
import { IntegrityError } from '../storage/errors.ts';
import type { FlowRunInputTable } from '../storage/tables.ts';
import { isNewer } from './flow-runs.ts';
import { notNegative } from './limits.ts';
import { invalidValue } from './request-body.ts';
import { RawText, Reply, type Routes } from './route.ts';

/** What runs are asked for and told while they run, and going on after a pause. Contract: orchestration 12. */
export const flowRunInputRoutes: Routes = {
  'POST /flow_runs/{id}/resume': async ({ path, body, client }, core) => {
    const before = core.clock();
    const result = await core.write((unit) => resumeFlowRun(unit, path.id, body?.run_input ?? null, client));
    return new Reply(result.state && isNewer(result.state.timestamp, before) ? 201 : 200, result);
  },

  'POST /flow_runs/{id}/input': async ({ path, body }, core) => {
    if (!/^[a-z0-9-]*$/.test(body.key))
      throw invalidValue(
        ['body', 'key'],
        'The key of an input consists of lowercase letters, digits and dashes.',
        body.key,
        body,
      );
    await refuseUnknownRun(core, path.id);
    try {
      await core.write((unit) =>
        unit.run(
          unit.db.insertInto('flow_run_input').values({
            id: uuid4(),
            created: unit.now,
            updated: unit.now,
            flow_run_id: path.id,
            key: body.key,
            value: body.value,
            sender: body.sender ?? null,
          }),
        ),
      );
    } catch (error) {
      if (error instanceof IntegrityError) throw new DetailError(409, 'A flow run input with this key already exists.');
      throw error;
    }
    return new Reply(201, null);
  },

  'POST /flow_runs/{id}/input/filter': async ({ path, body }, core) => {
    const db = core.storage.builder;
    const exclude = body.exclude_keys ?? [];
    const rows = await core.scan.all(
      db
        .selectFrom('flow_run_input')
        .selectAll()
        .where('flow_run_id', '=', path.id)
        .where('key', 'like', `${body.prefix}%`)
        .$if(exclude.length > 0, (query) => query.where('key', 'not in', exclude))
        .orderBy('created')
        .limit(notNegative(body.limit ?? 1)),
    );
    return rows.map(inputResponse);
  },

  'GET /flow_runs/{id}/input/{key}': async ({ path }, core) => {
    const row = await core.read.first(
      core.storage.builder
        .selectFrom('flow_run_input')
        .select('value')
        .where('flow_run_id', '=', path.id)
        .where('key', '=', path.key),
    );
    if (!row) throw new DetailError(404, 'Flow run input not found');
    return new RawText(row.value, 'text/plain; charset=utf-8');
  },

  'DELETE /flow_runs/{id}/input/{key}': async ({ path }, core) => {
    const deleted = await core.write((unit) =>
      unit.run(unit.db.deleteFrom('flow_run_input').where('flow_run_id', '=', path.id).where('key', '=', path.key)),
    );
    if (deleted === 0) throw new DetailError(404, 'Flow run input not found');
    return undefined;
  },
};

async function refuseUnknownRun(core: Core, id: string): Promise<void> {
  const run = await core.read.first(core.storage.builder.selectFrom('flow_run').select(sql`1`.as('one')).where('id', '=', id));
  if (!run) throw new DetailError(404, 'Flow run not found');
}

function inputResponse(row: Selectable<FlowRunInputTable>): FlowRunInput {
  return { ...row, created: formatTimestamp(row.created), updated: formatTimestamp(row.updated) };
}
