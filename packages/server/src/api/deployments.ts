import { type DeploymentResponse, parseTimestamp } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import { deleteDeployment } from '../resources/deployments/delete-deployment.ts';
import type { GivenDeployment } from '../resources/deployments/deployment-columns.ts';
import {
  DEPLOYMENT_SORTS,
  type DeploymentRow,
  deploymentResponses,
  selectDeployments,
} from '../resources/deployments/deployments.ts';
import { matchesDeployment, queueOfDeploymentResponse } from '../resources/deployments/matching-queues.ts';
import { scheduleDeployment } from '../resources/deployments/schedule-deployment.ts';
import { setPaused, updateDeployment } from '../resources/deployments/update-deployment.ts';
import { upsertDeployment, type WantedDeployment } from '../resources/deployments/upsert-deployment.ts';
import type { Compilable } from '../storage/storage.ts';
import { checkDeploymentBody } from './deployment-body.ts';
import { limitOf, page } from './limits.ts';
import { checkParameterSize } from './parameter-size.ts';
import { checkName } from './request-body.ts';
import { Reply, type Routes } from './route.ts';
import { readNewSchedules, readWantedSchedule } from './schedule-body.ts';

export const deploymentRoutes: Routes = {
  'POST /deployments/': async ({ body, sent }, core) => {
    checkName(body.name, body);
    checkDeploymentBody(body, sent);
    checkParameterSize(body.parameters, core.settings, body);
    const around = { settings: core.settings, now: core.clock(), body, loc: ['body', 'schedules'] };
    const schedules = readNewSchedules(body.schedules ?? [], around);
    const wanted = { ...onlySent(body, sent), flow_id: body.flow_id, name: body.name } as WantedDeployment;
    const { id, created } = await core.write((unit) => upsertDeployment(unit, wanted, schedules));
    return new Reply(created ? 201 : 200, await readDeployment(core, id));
  },

  'GET /deployments/{id}': ({ path }, core) => readDeployment(core, path.id),

  'GET /deployments/name/{flow_name}/{deployment_name}': ({ path }, core) =>
    readOne(
      core,
      selectDeployments(core.storage.builder)
        .innerJoin('flow', 'flow.id', 'deployment.flow_id')
        .where('flow.name', '=', path.flow_name)
        .where('deployment.name', '=', path.deployment_name),
    ),

  'PATCH /deployments/{id}': async ({ path, body, sent }, core) => {
    checkDeploymentBody(body, () => false);
    if (body.parameters) checkParameterSize(body.parameters, core.settings, body);
    const around = { settings: core.settings, now: core.clock(), body };
    const schedules = sent('schedules')
      ? body.schedules?.map((each, index) => readWantedSchedule(each, { ...around, loc: ['body', 'schedules', index] }))
      : undefined;
    await core.write((unit) => updateDeployment(unit, path.id, onlySent(body, sent) as GivenDeployment, schedules));
    return undefined;
  },

  'DELETE /deployments/{id}': async ({ path }, core) => {
    const found = await core.write((unit) => deleteDeployment(unit, path.id));
    if (!found) throw new DetailError(404, 'Deployment not found');
    return undefined;
  },

  'POST /deployments/bulk_delete': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('deployment')
        .select('id')
        .where(matching(db, 'deployment', body))
        .orderBy('id')
        .limit(body.limit ?? 50),
    );
    return core.write(async (unit) => {
      const deleted: string[] = [];
      for (const { id } of rows) if (await deleteDeployment(unit, id)) deleted.push(id);
      return { deleted };
    });
  },

  'POST /deployments/filter': ({ body }, core) => listDeployments(core, body, limitOf(body, core.settings), body.offset ?? 0),

  'POST /deployments/paginate': async ({ body }, core) => {
    const limit = limitOf(body, core.settings);
    const number = body.page ?? 1;
    const [count, deployments] = await Promise.all([
      countDeployments(core, body),
      listDeployments(core, body, limit, (number - 1) * limit),
    ]);
    return page(deployments, count, limit, number);
  },

  'POST /deployments/count': ({ body }, core) => countDeployments(core, body),

  'POST /deployments/{id}/pause_deployment': async ({ path }, core) => {
    await core.write((unit) => setPaused(unit, path.id, true));
    return null;
  },

  'POST /deployments/{id}/resume_deployment': async ({ path }, core) => {
    await core.write((unit) => setPaused(unit, path.id, false));
    return null;
  },

  'POST /deployments/{id}/schedule': async ({ path, body }, core) => {
    const { start_time, end_time, min_time, min_runs, max_runs } = body;
    const wishes = {
      start: start_time === undefined ? undefined : parseTimestamp(start_time),
      end: end_time === undefined ? undefined : parseTimestamp(end_time),
      minTime: min_time,
      minRuns: min_runs,
      maxRuns: max_runs,
    };
    await core.write((unit) => scheduleDeployment(unit, path.id, wishes));
    return null;
  },

  'GET /deployments/{id}/work_queue_check': async ({ path }, core) => {
    const { tags = [] } = await readDeployment(core, path.id);
    const queues = await core.scan.all(core.storage.builder.selectFrom('work_queue').selectAll());
    return queues.filter((queue) => matchesDeployment(queue, { id: path.id, tags })).map(queueOfDeploymentResponse);
  },
};

/** Reads a deployment that must be there. */
function readDeployment(core: Core, id: string): Promise<DeploymentResponse> {
  return readOne(core, selectDeployments(core.storage.builder).where('deployment.id', '=', id));
}

async function readOne(core: Core, query: Compilable<DeploymentRow>): Promise<DeploymentResponse> {
  const row = await core.read.first(query);
  const [response] = row ? await deploymentResponses(core.read, core.storage.builder, [row]) : [];
  if (!response) throw new DetailError(404, 'Deployment not found');
  return response;
}

async function listDeployments(
  core: Core,
  body: FilterSet & { readonly sort?: keyof typeof DEPLOYMENT_SORTS | undefined },
  limit: number,
  offset: number,
): Promise<DeploymentResponse[]> {
  const db = core.storage.builder;
  const rows = await core.scan.all(
    selectDeployments(db)
      .where(matching(db, 'deployment', body))
      .orderBy(DEPLOYMENT_SORTS[body.sort ?? 'NAME_ASC'])
      .limit(limit)
      .offset(offset),
  );
  return deploymentResponses(core.scan, db, rows);
}

async function countDeployments(core: Core, filters: FilterSet): Promise<number> {
  const db = core.storage.builder;
  const row = await core.scan.first(
    db
      .selectFrom('deployment')
      .select(sql<number>`count(*)`.as('count'))
      .where(matching(db, 'deployment', filters)),
  );
  return Number(row?.count ?? 0);
}

/** The members that the sender named, without the contract's defaults. */
function onlySent<Body extends object>(body: Body, sent: (member: string) => boolean): Partial<Body> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => sent(name) && name !== 'schedules')) as Partial<Body>;
}
