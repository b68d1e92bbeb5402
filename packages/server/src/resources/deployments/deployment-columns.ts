import type { DeploymentUpdate } from '@prefect-ts/protocol';
import type { Updateable } from '#kysely';
import { json, jsonOrNull } from '../../storage/json-columns.ts';
import type { DeploymentTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { DEFAULT_AGENT_POOL, ensureDefaultAgentPool, ensureWorkQueue } from '../work-queues.ts';

/** The members of a deployment that a request named; those that it left out are absent. */
export type GivenDeployment = Omit<DeploymentUpdate, 'schedules'>;

/** The columns that a request's members go to as they are. */
export function columnsOf(given: GivenDeployment): Updateable<DeploymentTable> {
  const { paused, enforce_parameter_schema, job_variables, parameters, tags } = given;
  return {
    ...present(given, 'version'),
    ...present(given, 'description'),
    ...present(given, 'path'),
    ...present(given, 'entrypoint'),
    ...present(given, 'storage_document_id'),
    ...present(given, 'infrastructure_document_id'),
    ...present(given, 'work_queue_name'),
    ...(paused === undefined ? {} : { paused: paused ? 1 : 0 }),
    ...(enforce_parameter_schema === undefined || enforce_parameter_schema === null
      ? {}
      : { enforce_parameter_schema: enforce_parameter_schema ? 1 : 0 }),
    // Null says nothing about these; an empty object empties them.
    ...(job_variables ? { job_variables: json(job_variables) } : {}),
    ...(parameters ? { parameters: json(parameters) } : {}),
    ...(tags ? { tags: json(tags) } : {}),
    ...('parameter_openapi_schema' in given ? { parameter_openapi_schema: json(given.parameter_openapi_schema ?? null) } : {}),
    ...('pull_steps' in given ? { pull_steps: jsonOrNull(given.pull_steps) } : {}),
    ...('concurrency_options' in given ? { concurrency_options: limitOptions(given.concurrency_options) } : {}),
  };
}

function limitOptions(options: GivenDeployment['concurrency_options']): string | null {
  return options
    ? json({ collision_strategy: options.collision_strategy, grace_period_seconds: options.grace_period_seconds ?? null })
    : null;
}

function present<Name extends keyof GivenDeployment>(given: GivenDeployment, name: Name) {
  return (name in given ? { [name]: given[name] ?? null } : {}) as Partial<Record<Name, string | null>>;
}

/**
 * Finds the queue that a request names by its pool, its queue or both, and makes a queue that is missing. Answers its id, null for none
 * and undefined when the request names neither. Throws 404 for a pool that is not there.
 */
export async function queueOf(
  unit: WorkUnit,
  { work_pool_name: pool, work_queue_name: queue }: Pick<GivenDeployment, 'work_pool_name' | 'work_queue_name'>,
): Promise<string | null | undefined> {
  if (!pool && !queue) return pool === null ? null : undefined;
  if (!pool || pool === DEFAULT_AGENT_POOL) await ensureDefaultAgentPool(unit);
  return (await ensureWorkQueue(unit, { pool: pool ?? DEFAULT_AGENT_POOL, queue })).id;
}
