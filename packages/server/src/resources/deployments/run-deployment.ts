import type { DeploymentFlowRunCreate, UpdatedBy } from '@prefect-ts/protocol';
import { DetailError } from '../../errors.ts';
import { parseJson } from '../../storage/json-columns.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { type CreatedFlowRun, createFlowRun } from '../create-flow-run.ts';
import { ensureWorkQueue } from '../work-queues.ts';
import type { StoredDeployment } from './deployments.ts';
import { checkJobVariables, checkParameters, hydrateParameters, type Lookups } from './job-requirements.ts';

/** How the refusals of a run are worded: a single run answers them as errors, a list collects them. */
interface RefusalTexts {
  readonly hydration: string;
  readonly parameters: string;
  noPool(queue: string, deploymentId: string): string;
}

const SINGLE_RUN: RefusalTexts = {
  hydration: 'Error hydrating flow run parameters: ',
  parameters: 'Error creating flow run: ',
  noPool: (queue, deploymentId) =>
    `Cannot create flow run in work queue ${queue} because deployment ${deploymentId} is not associated with a work pool. Please remove work_pool_name and try again.`,
};

export const RUN_OF_LIST: RefusalTexts = {
  hydration: '',
  parameters: 'Parameter validation failed: ',
  noPool: (queue) => `Cannot create flow run in work queue ${queue} because deployment is not associated with a work pool.`,
};

/**
 * Creates a flow run of a deployment; a paused one runs as well. Nothing is written before all of the run has been checked.
 * Contract: orchestration 9.2.
 */
export async function runDeployment(
  unit: WorkUnit,
  deployment: StoredDeployment,
  wanted: DeploymentFlowRunCreate,
  createdBy: UpdatedBy | null,
  lookups: Lookups,
  texts: RefusalTexts = SINGLE_RUN,
): Promise<CreatedFlowRun> {
  const parameters = hydrateParameters(
    { ...parseJson<object>(deployment.parameters), ...wanted.parameters },
    lookups,
    texts.hydration,
  );
  if (wanted.enforce_parameter_schema ?? deployment.enforce_parameter_schema === 1)
    checkParameters(parameters, parseJson(deployment.parameter_openapi_schema), {}, { status: 409, prefix: texts.parameters });
  const layers = [parseJson<Record<string, unknown>>(deployment.job_variables), wanted.job_variables];
  await checkJobVariables(unit, deployment.work_queue_id, layers, lookups, {
    requireAll: true,
    status: 422,
    prefix: SINGLE_RUN.parameters,
  });
  return createFlowRun(unit, {
    name: wanted.name,
    flow_id: deployment.flow_id,
    deployment_id: deployment.id,
    deployment_version: deployment.version,
    ...(await queueColumns(unit, deployment, wanted.work_queue_name, texts)),
    state: wanted.state ?? { type: 'SCHEDULED' },
    parameters,
    context: wanted.context,
    empirical_policy: wanted.empirical_policy,
    tags: [...new Set([...parseJson<string[]>(deployment.tags), ...(wanted.tags ?? [])])],
    labels: wanted.labels,
    idempotency_key: wanted.idempotency_key,
    parent_task_run_id: wanted.parent_task_run_id,
    infrastructure_document_id: wanted.infrastructure_document_id ?? deployment.infrastructure_document_id,
    job_variables: wanted.job_variables ?? {},
    created_by: createdBy,
  });
}

async function queueColumns(
  unit: WorkUnit,
  deployment: StoredDeployment,
  queue: string | null | undefined,
  texts: RefusalTexts,
): Promise<{ work_queue_id: string | null; work_queue_name: string | null }> {
  if (!queue) return { work_queue_id: deployment.work_queue_id, work_queue_name: deployment.work_queue_name };
  const pool = deployment.work_queue_id
    ? await unit.first(
        unit.db
          .selectFrom('work_pool')
          .innerJoin('work_queue', 'work_queue.work_pool_id', 'work_pool.id')
          .select('work_pool.name')
          .where('work_queue.id', '=', deployment.work_queue_id),
      )
    : undefined;
  if (!pool) throw new DetailError(400, texts.noPool(queue, deployment.id));
  const found = await ensureWorkQueue(unit, { pool: pool.name, queue });
  return { work_queue_id: found.id, work_queue_name: found.name };
}
