import { parseTimestamp, type WorkPoolResponse } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import type { ClientVersions } from '../orchestration/transition.ts';
import { poolConcurrency } from '../resources/work-pools/concurrency-status.ts';
import { notePolls } from '../resources/work-pools/polls.ts';
import {
  createPool,
  deletePool,
  lockPool,
  poolNotFound,
  poolResponse,
  selectPools,
  updatePool,
  type WorkPoolChanges,
} from '../resources/work-pools/pools.ts';
import { findScheduledRuns } from '../resources/work-pools/scheduled-runs.ts';
import { checkJobTemplate, checkTemplateDefaults } from './job-template-checks.ts';
import { limitOf } from './limits.ts';
import type { Routes } from './route.ts';

export const workPoolRoutes: Routes = {
  'POST /work_pools/': async ({ body, client }, core) => {
    if (isReserved(body.name)) throw new DetailError(403, "Work pools starting with 'Prefect' are reserved for internal use.");
    checkJobTemplate(body.base_job_template, body);
    await core.write(async (unit) => {
      await checkTemplateDefaults(unit, body.base_job_template ?? {});
      await createPool(unit, body);
    });
    return readPool(core, body.name, client);
  },

  'GET /work_pools/{name}': ({ path, client }, core) => readPool(core, path.name, client),

  'POST /work_pools/filter': async ({ body, client }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      selectPools(db)
        .where(matching(db, 'work_pool', { work_pools: body?.work_pools }))
        .orderBy('name')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return rows.map((row) => poolResponse(row, client));
  },

  'POST /work_pools/count': async ({ body }, core) => {
    const db = core.storage.builder;
    const row = await core.scan.first(
      db
        .selectFrom('work_pool')
        .select(sql<number>`count(*)`.as('count'))
        .where(matching(db, 'work_pool', { work_pools: body?.work_pools })),
    );
    return Number(row?.count ?? 0);
  },

  'PATCH /work_pools/{name}': async ({ path, body, sent }, core) => {
    const changes = Object.fromEntries(Object.entries(body).filter(([member]) => sent(member))) as WorkPoolChanges;
    if (isReserved(path.name) && Object.keys(changes).some((member) => !CHANGEABLE_IF_RESERVED.includes(member)))
      throw new DetailError(
        403,
        "Work pools starting with 'Prefect' are reserved for internal use and can only be updated to set concurrency limits or pause.",
      );
    checkJobTemplate(changes.base_job_template, body);
    await core.write(async (unit) => updatePool(unit, await lockPool(unit, path.name), changes));
    return undefined;
  },

  'DELETE /work_pools/{name}': async ({ path }, core) => {
    if (isReserved(path.name))
      throw new DetailError(403, "Work pools starting with 'Prefect' are reserved for internal use and can not be deleted.");
    await core.write(async (unit) => deletePool(unit, await lockPool(unit, path.name)));
    return undefined;
  },

  'POST /work_pools/{name}/get_scheduled_flow_runs': async ({ path, body }, core) => {
    const { runs, polled } = await findScheduledRuns(core, {
      pool: path.name,
      queues: body?.work_queue_names ?? [],
      after: timeOf(body?.scheduled_after),
      before: timeOf(body?.scheduled_before),
      limit: limitOf(body, core.settings),
    });
    notePolls(core, polled);
    return runs;
  },

  'POST /work_pools/{name}/concurrency_status': async ({ path, body }, core) => {
    const pool = await core.read.first(
      core.storage.builder.selectFrom('work_pool').select(['id', 'concurrency_limit']).where('name', '=', path.name),
    );
    if (!pool) throw new DetailError(404, `Work pool '${path.name}' not found.`);
    const limit = limitOf(body, core.settings);
    return poolConcurrency(core, pool, { page: body?.page ?? 1, limit, runLimit: body?.flow_run_limit ?? 10 });
  },
};

const CHANGEABLE_IF_RESERVED = ['is_paused', 'concurrency_limit'];

function isReserved(name: string): boolean {
  return name.toLowerCase().startsWith('prefect');
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : (parseTimestamp(text) ?? null);
}

async function readPool(core: Core, name: string, client: ClientVersions): Promise<WorkPoolResponse> {
  const row = await core.read.first(selectPools(core.storage.builder).where('name', '=', name));
  if (!row) throw poolNotFound(name);
  return poolResponse(row, client);
}
