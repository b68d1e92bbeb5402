import { type Automation, uuid4 } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import {
  type AutomationContent,
  automationNotFound,
  automationResponse,
  createAutomation,
  deleteAutomation,
  lockAutomation,
  updateAutomation,
} from '../automations/automations.ts';
import { loopProblem } from '../automations/loop-protection.ts';
import { ApiError, DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import { checkJobVariables, readLookups } from '../resources/deployments/job-requirements.ts';
import { parseJson } from '../storage/json-columns.ts';
import { parseTemplate, TemplateSyntaxError } from '../templates/index.ts';
import type { WorkUnit } from '../work-unit.ts';
import { readAutomation } from './automation-body.ts';
import { limitOf } from './limits.ts';
import { invalidValue } from './request-body.ts';
import type { Routes } from './route.ts';

const SORTS = {
  NAME_ASC: sql`automation.name asc`,
  NAME_DESC: sql`automation.name desc`,
  CREATED_DESC: sql`automation.created desc`,
  UPDATED_DESC: sql`automation.updated desc`,
} as const;

export const automationRoutes: Routes = {
  'POST /automations/': async ({ body }, core) => {
    const content = readAutomation(body) as AutomationContent;
    checkLoops(content, ['body'], body);
    return core.write(async (unit) => {
      await checkRuns(unit, content, (variables) => Object.keys(variables).length > 0);
      return createAutomation(unit, uuid4(), content, body.owner_resource ?? null);
    });
  },

  'PUT /automations/{id}': async ({ path, body, sent }, core) => {
    const changes = readAutomation(body, sent);
    await core.write(async (unit) => {
      const row = await lockAutomation(unit, path.id);
      checkLoops({ ...automationResponse(row), ...changes }, ['body'], body);
      await checkRuns(unit, changes, () => true);
      await updateAutomation(unit, row, changes);
    });
    return undefined;
  },

  'PATCH /automations/{id}': async ({ path, body, sent }, core) => {
    await core.write(async (unit) => {
      const row = await lockAutomation(unit, path.id);
      if (!sent('enabled') || body.enabled === undefined) return;
      checkLoops({ ...automationResponse(row), enabled: body.enabled }, [], body);
      await updateAutomation(unit, row, { enabled: body.enabled });
    });
    return undefined;
  },

  'DELETE /automations/{id}': async ({ path }, core) => {
    await core.write(async (unit) => deleteAutomation(unit, await lockAutomation(unit, path.id)));
    return undefined;
  },

  'GET /automations/{id}': async ({ path }, core) => {
    const row = await core.read.first(core.storage.builder.selectFrom('automation').selectAll().where('id', '=', path.id));
    if (!row) throw automationNotFound();
    return automationResponse(row);
  },

  'POST /automations/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('automation')
        .selectAll()
        .where(matching(db, 'automation', { automations: body?.automations }))
        .orderBy(SORTS[body?.sort ?? 'NAME_ASC'])
        .orderBy('id')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return rows.map(automationResponse);
  },

  'POST /automations/count': async ({ body }, core) => {
    const db = core.storage.builder;
    const row = await core.scan.first(
      db
        .selectFrom('automation')
        .select(sql<number>`count(*)`.as('count'))
        .where(matching(db, 'automation', { automations: body?.automations })),
    );
    return Number(row?.count ?? 0);
  },

  'GET /automations/related-to/{resource_id}': async ({ path }, core): Promise<Automation[]> => {
    const rows = await core.scan.all(
      core.storage.builder
        .selectFrom('automation')
        .innerJoin('automation_relation', 'automation_relation.automation_id', 'automation.id')
        .selectAll('automation')
        .where('automation_relation.resource_id', '=', path.resource_id)
        .orderBy('automation.name')
        .orderBy('automation.id'),
    );
    return rows.map(automationResponse);
  },

  'DELETE /automations/owned-by/{resource_id}': async ({ path }, core) => {
    await core.write(async (unit) => {
      const owned = unit.db
        .selectFrom('automation_relation')
        .select('automation_id')
        .where('resource_id', '=', path.resource_id)
        .where('owned', '=', 1);
      await unit.run(unit.db.deleteFrom('automation').where('id', 'in', owned).where('created', '<', unit.now));
    });
    return null;
  },

  'POST /automations/templates/validate': ({ body }) => validateTemplate(body ?? ''),
  'POST /templates/validate': ({ body }) => validateTemplate(body ?? ''),
};

function checkLoops(content: Parameters<typeof loopProblem>[0], place: readonly string[], body: unknown): void {
  const problem = loopProblem(content);
  if (problem) throw invalidValue(place, problem, body, body);
}

/** The job variables of runs have to suit the deployments' pools. */
async function checkRuns(
  unit: WorkUnit,
  { actions = [] }: Partial<AutomationContent>,
  isChecked: (variables: Record<string, unknown>) => boolean,
): Promise<void> {
  for (const action of actions) {
    if (action.type !== 'run-deployment' || !action.deployment_id || !action.job_variables) continue;
    if (!isChecked(action.job_variables)) continue;
    const query = unit.db
      .selectFrom('deployment')
      .select(['work_queue_id', 'job_variables'])
      .where('id', '=', action.deployment_id);
    const deployment = await unit.first(query);
    if (!deployment) throw new DetailError(404, 'Deployment not found.');
    const layers = [parseJson<Record<string, unknown>>(deployment.job_variables), action.job_variables];
    await checkJobVariables(unit, deployment.work_queue_id, layers, await readLookups(unit), {
      requireAll: false,
      status: 422,
      prefix: 'Error creating automation: ',
    });
  }
}

function validateTemplate(template: string): undefined {
  try {
    parseTemplate(template);
    return undefined;
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    const { line, message } = error;
    throw new ApiError(422, { error: { line, message, source: template } }, message);
  }
}
