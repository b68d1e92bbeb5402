import { isUuid } from '@prefect-ts/protocol';
import { type ApiError, DetailError } from '../../errors.ts';
import { BlockNotFoundError, type VariableLayers, validateJobVariables } from '../../job-templates/index.ts';
import {
  CircularSchemaError,
  type HydrationContext,
  HydrationError,
  hydrate,
  SchemaInvalidError,
  type SchemaReading,
  ValuesInvalidError,
  validateValues,
} from '../../parameters/index.ts';
import { parseJson } from '../../storage/json-columns.ts';
import { statement } from '../../storage/statement.ts';
import { renderTemplate } from '../../templates/index.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { blockData } from '../blocks/read-documents.ts';
import { variableValues } from '../variables.ts';

/** What placeholders in parameters are filled with, and where defaults of job variables find their blocks. */
export interface Lookups {
  readonly hydration: HydrationContext;
  findBlock(blockDocumentId: string): Promise<unknown>;
}

/**
 * Reads what a request's placeholders may name.
 *
 * @param mentions what may have placeholders: variables are read only if one of them names one.
 */
export async function readLookups(unit: WorkUnit, mentions: unknown = null): Promise<Lookups> {
  return {
    hydration: {
      variables: JSON.stringify(mentions).includes('workspace_variable') ? await variableValues(unit) : new Map(),
      renderTemplate: (template) => renderTemplate(template, {}),
    },
    findBlock: async (id) => (isUuid(id) ? blockData({ reader: unit, db: unit.db, cipher: unit.cipher }, id) : undefined),
  };
}

/** Fills the placeholders in parameters; `prefix` starts the message of the 400 that a placeholder without a value gets. */
export function hydrateParameters(
  parameters: Record<string, unknown>,
  { hydration }: Lookups,
  prefix: string,
): Record<string, unknown> {
  try {
    return hydrate(parameters, hydration) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof HydrationError) throw new DetailError(400, prefix + error.message);
    throw error;
  }
}

/** How a check of parameters words its refusal. */
export interface Refusal {
  readonly status: number;
  readonly prefix: string;
}

/** Checks parameters against their deployment's schema, where there is one to enforce. */
export function checkParameters(
  parameters: Record<string, unknown>,
  schema: unknown,
  reading: SchemaReading,
  { status, prefix }: Refusal,
): void {
  if (typeof schema !== 'object' || schema === null)
    throw new DetailError(
      409,
      'Error updating deployment: Cannot update parameters because parameter schema enforcement is enabled and the deployment does not have a valid parameter schema.',
    );
  try {
    validateValues(parameters, schema as Record<string, unknown>, reading);
  } catch (error) {
    if (error instanceof CircularSchemaError)
      throw new DetailError(422, 'Invalid schema: Unable to validate schema with circular references.');
    if (error instanceof ValuesInvalidError) throw new DetailError(status, prefix + error.message);
    throw error;
  }
}

const templateOfQueue = statement((db, p: { workQueueId: string }) =>
  db
    .selectFrom('work_pool')
    .innerJoin('work_queue', 'work_queue.work_pool_id', 'work_pool.id')
    .select('work_pool.base_job_template')
    .where('work_queue.id', '=', p.workQueueId),
);

/** Checks that passed lately: runs of a deployment ask the same again and again. */
const passed = new Set<string>();
const MOST_PASSED = 500;

function remember(check: string): void {
  // What a block holds may change, so checks that read one are not remembered.
  if (check.includes('$ref')) return;
  if (passed.size >= MOST_PASSED) passed.clear();
  passed.add(check);
}

/** Checks job variables, lowest layer first, against the template of the pool that a queue is in; a run without a pool has none. */
export async function checkJobVariables(
  unit: WorkUnit,
  workQueueId: string | null,
  layers: VariableLayers,
  { findBlock }: Lookups,
  { requireAll, status, prefix }: Refusal & { readonly requireAll: boolean },
): Promise<void> {
  if (workQueueId === null) return;
  const row = await unit.first(templateOfQueue(unit.db, { workQueueId }));
  if (!row) return;
  const check = JSON.stringify([row.base_job_template, layers, requireAll]);
  if (passed.has(check)) return;
  const template = parseJson<Record<string, unknown>>(row.base_job_template);
  try {
    await validateJobVariables(template, layers, { requireAll, ignoreInvalidDefaults: true, findBlock });
    remember(check);
  } catch (error) {
    if (error instanceof BlockNotFoundError) throw new DetailError(404, error.message);
    if (error instanceof SchemaInvalidError) throw new DetailError(422, error.message);
    if (error instanceof CircularSchemaError)
      throw new DetailError(422, 'Invalid schema: Unable to validate schema with circular references.');
    if (error instanceof ValuesInvalidError) throw new DetailError(status, prefix + error.message);
    throw error;
  }
}

/** Tells the text that an API error shows, for callers that collect errors rather than answer the first. */
export function detailOf(error: ApiError): string {
  const body = error.body as { detail?: unknown };
  return typeof body.detail === 'string' ? body.detail : error.message;
}
