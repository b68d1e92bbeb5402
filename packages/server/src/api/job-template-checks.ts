import { DetailError } from '../errors.ts';
import { BaseJobTemplateError, BlockNotFoundError, checkBaseJobTemplate, validateJobVariables } from '../job-templates/index.ts';
import { CircularSchemaError, SchemaInvalidError, ValuesInvalidError } from '../parameters/index.ts';
import { readLookups } from '../resources/deployments/job-requirements.ts';
import type { WorkUnit } from '../work-unit.ts';
import { invalidValue } from './request-body.ts';

/** Refuses a base job template whose parts do not fit together. */
export function checkJobTemplate(template: Record<string, unknown> | undefined, body: unknown): void {
  if (!template) return;
  try {
    checkBaseJobTemplate(template);
  } catch (error) {
    if (!(error instanceof BaseJobTemplateError)) throw error;
    throw invalidValue(['body', 'base_job_template'], error.message, template, body);
  }
}

/** Refuses a base job template whose variables are no schema, or whose defaults break it. */
export async function checkTemplateDefaults(unit: WorkUnit, template: Record<string, unknown>): Promise<void> {
  const { findBlock } = await readLookups(unit);
  try {
    await validateJobVariables(template, [], { requireAll: false, ignoreInvalidDefaults: false, findBlock });
  } catch (error) {
    if (error instanceof ValuesInvalidError || error instanceof SchemaInvalidError) throw new DetailError(422, error.message);
    if (error instanceof CircularSchemaError)
      throw new DetailError(422, 'Invalid schema: Unable to validate schema with circular references.');
    if (error instanceof BlockNotFoundError) throw new DetailError(404, error.message);
    throw error;
  }
}
