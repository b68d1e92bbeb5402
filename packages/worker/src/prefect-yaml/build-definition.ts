import type { ConcurrencyOptionsInput } from '@prefect-ts/protocol';
import type { DeploymentDefinition, DeploymentFields } from 'prefect-ts/deployments';
import { applyValues } from '../job-template/placeholders.ts';
import type { StepDefinition } from '../steps/run-steps.ts';
import type { FlowDescription } from './describe-flow.ts';
import type { DeploymentEntry } from './project-file.ts';
import { readSchedules } from './schedule-entries.ts';

/** A placeholder of these kinds is filled when the run starts, not when it is deployed. */
const RUN_TIME_PREFIXES = ['ctx.', 'prefect.', '$'];

/** Fills what build and push steps gave into the steps that runs will do first. */
export function fillPullSteps(pull: readonly StepDefinition[], outputs: Readonly<Record<string, unknown>>) {
  return applyValues(pull, outputs, { removeNotSet: false, skipPrefixes: RUN_TIME_PREFIXES }) as Record<string, unknown>[];
}

/** Turns an entry of a project, filled in, into what the server gets. */
export function buildDefinition(
  entry: DeploymentEntry,
  flow: FlowDescription,
  pullSteps: Record<string, unknown>[],
): DeploymentDefinition {
  const schedules = readSchedules(entry);
  const version = entry.version ?? flow.version;
  const fields: DeploymentFields = {
    entrypoint: entry.entrypoint ?? null,
    description: entry.description ?? flow.description ?? null,
    parameters: entry.parameters ?? {},
    parameter_openapi_schema: flow.parameterSchema ?? { title: 'Parameters', type: 'object', properties: {} },
    enforce_parameter_schema: (entry.enforce_parameter_schema ?? true) && flow.parameterSchema !== null,
    tags: readTags(entry.tags),
    work_pool_name: entry.work_pool?.name ?? null,
    work_queue_name: entry.work_pool?.work_queue_name ?? null,
    job_variables: entry.work_pool?.job_variables ?? {},
    pull_steps: pullSteps,
    ...(version == null ? {} : { version: String(version) }),
    ...(entry.paused == null ? {} : { paused: entry.paused }),
    ...(schedules === undefined ? {} : { schedules }),
    ...readConcurrency(entry.concurrency_limit),
  };
  return { flowName: flow.name, name: entry.name ?? '', fields, triggers: entry.triggers ?? [] };
}

function readTags(tags: DeploymentEntry['tags']): string[] {
  if (tags == null) return [];
  return (Array.isArray(tags) ? tags : [tags]).map(String);
}

function readConcurrency(limit: DeploymentEntry['concurrency_limit']): DeploymentFields {
  if (limit == null) return {};
  if (typeof limit !== 'object') return { concurrency_limit: Number(limit) };
  const options: ConcurrencyOptionsInput = {
    collision_strategy: limit.collision_strategy === 'CANCEL_NEW' ? 'CANCEL_NEW' : 'ENQUEUE',
    ...(limit.grace_period_seconds === undefined ? {} : { grace_period_seconds: limit.grace_period_seconds }),
  };
  return { concurrency_limit: limit.limit, concurrency_options: options };
}
