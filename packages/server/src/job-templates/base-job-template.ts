import type { Schema } from '../parameters/index.ts';
import { findPlaceholders } from './placeholders.ts';

/** How a work pool's runs are started: templates of the job, and the schema of the variables in them. */
export interface BaseJobTemplate {
  job_configuration: Record<string, unknown>;
  variables: Schema;
}

/** A base job template that cannot be used; the message is the API's. */
export class BaseJobTemplateError extends Error {
  override name = 'BaseJobTemplateError';
}

/**
 * Checks a base job template's structure (contract, deployments-and-workers 5.3). The empty template is fine.
 *
 * @throws BaseJobTemplateError
 */
export function checkBaseJobTemplate(template: Record<string, unknown>): void {
  if (Object.keys(template).length === 0) return;
  const { job_configuration: configuration, variables } = template;
  if (isEmpty(configuration) || isEmpty(variables)) {
    throw new BaseJobTemplateError('The `base_job_template` must contain both a `job_configuration` key and a `variables` key.');
  }
  const declared = isObject(variables) && isObject(variables.properties) ? variables.properties : {};
  const undeclared = findPlaceholders(configuration).filter((name) => !Object.hasOwn(declared, name));
  if (undeclared.length === 0) return;
  throw new BaseJobTemplateError(
    'The variables specified in the job configuration template must be present as properties in the variables schema. ' +
      `Your job configuration uses the following undeclared variable(s): ${undeclared.join(' ,')}.`,
  );
}

function isEmpty(value: unknown): boolean {
  return !isObject(value) || Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
