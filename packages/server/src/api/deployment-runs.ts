import { type Micros, parseTimestamp, SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { ApiError, DetailError } from '../errors.ts';
import { markDeploymentsReady } from '../resources/deployments/deployment-status.ts';
import { detailOf, readLookups } from '../resources/deployments/job-requirements.ts';
import { RUN_OF_LIST, runDeployment } from '../resources/deployments/run-deployment.ts';
import { flowRunResponse, selectFlowRuns } from '../resources/flow-runs.ts';
import { IntegrityError } from '../storage/errors.ts';
import { statement } from '../storage/statement.ts';
import type { WorkUnit } from '../work-unit.ts';
import { flowRunReply } from './flow-runs.ts';
import { limitOf } from './limits.ts';
import { checkParameterSize } from './parameter-size.ts';
import type { Routes } from './route.ts';

const MOST_RUNS_AT_ONCE = 100;

/** Runs of deployments: those that clients make, and those that runners ask for. */
export const deploymentRunRoutes: Routes = {
  'POST /deployments/{id}/create_flow_run': async ({ path, body, createdBy }, core) => {
    checkParameterSize(body.parameters, core.settings, body);
    const run = await core.write(async (unit) => {
      const deployment = await requireDeployment(unit, path.id);
      return runDeployment(unit, deployment, body, createdBy, await readLookups(unit, body.parameters));
    });
    return flowRunReply(core, run);
  },

  'POST /deployments/{id}/create_flow_run/bulk': ({ path, body, createdBy }, core) => {
    if (body.length > MOST_RUNS_AT_ONCE)
      throw new DetailError(400, `Cannot create more than ${MOST_RUNS_AT_ONCE} flow runs at once.`);
    for (const each of body) checkParameterSize(each.parameters, core.settings, body);
    return core.write(async (unit) => {
      const deployment = await requireDeployment(unit, path.id);
      const lookups = await readLookups(unit, body);
      const results = [];
      for (const each of body) {
        try {
          const { id } = await runDeployment(unit, deployment, each, createdBy, lookups, RUN_OF_LIST);
          results.push({ flow_run_id: id, status: 'CREATED' as const, error: null });
        } catch (error) {
          results.push({ flow_run_id: null, status: 'FAILED' as const, error: refusalOf(error) });
        }
      }
      return { results };
    });
  },

  'POST /deployments/get_scheduled_flow_runs': async ({ body }, core) => {
    const before = body.scheduled_before === undefined ? undefined : parseTimestamp(body.scheduled_before);
    let query = selectFlowRuns(core.storage.builder)
      .where('flow_run.deployment_id', 'in', body.deployment_ids)
      .where(sql<boolean>`flow_run.state_type = 'SCHEDULED'`)
      .orderBy('flow_run.next_scheduled_start_time')
      .limit(limitOf(body, core.settings));
    if (before !== undefined) query = query.where('flow_run.next_scheduled_start_time', '<=', before);
    if (body.deployment_ids.length === 0) return [];
    const rows = await core.scan.all(query);
    await notePolls(core, body.deployment_ids);
    const now = core.clock();
    return rows.map((row) => flowRunResponse(row, now));
  },
};

const deploymentById = statement((db, p: { id: string }) => db.selectFrom('deployment').selectAll().where('id', '=', p.id));

async function requireDeployment(unit: WorkUnit, id: string) {
  const deployment = await unit.first(deploymentById(unit.db, { id }));
  if (!deployment) throw new DetailError(404, 'Deployment not found');
  return deployment;
}

/** How exact the time of a deployment's last poll is kept: runners ask every few seconds, and each write costs a commit. */
const RECORDED_EVERY: Micros = 5 * SECOND;

async function notePolls(core: Core, ids: readonly string[]): Promise<void> {
  const stale = await core.read.all(
    core.storage.builder
      .selectFrom('deployment')
      .select('id')
      .where('id', 'in', ids)
      .where((where) =>
        where.or([
          where('status', '=', 'NOT_READY'),
          where('last_polled', 'is', null),
          where('last_polled', '<', core.clock() - RECORDED_EVERY),
        ]),
      ),
  );
  const polled = stale.map(({ id }) => id);
  if (polled.length > 0) await core.write((unit) => markDeploymentsReady(unit, polled));
}

/** What is wrong with one run of a list; anything else than a refusal ends the whole list. */
function refusalOf(error: unknown): string {
  if (error instanceof ApiError) return detailOf(error);
  if (error instanceof IntegrityError) return error.message;
  throw error;
}
