import { createValidator, type Schema, ValuesInvalidError, validateSchema, validateValues } from '../parameters/index.ts';

/** Reads the data of a block document, or undefined when there is none with this id. */
export type BlockLookup = (blockDocumentId: string) => Promise<unknown>;

/** Who sets job variables, lowest rank first; a later layer replaces whole keys of an earlier one. */
export type VariableLayers = readonly (Record<string, unknown> | null | undefined)[];

export interface JobVariableRules {
  /** Values that are required must be there: true for runs, false for pools and deployments. */
  requireAll: boolean;
  /** Leave defaults that break the schema out, and then require nothing, instead of failing; false only when a pool is created. */
  ignoreInvalidDefaults: boolean;
  findBlock: BlockLookup;
}

/** A default that refers to a block which does not exist. */
export class BlockNotFoundError extends Error {
  override name = 'BlockNotFoundError';

  constructor() {
    super('Block not found.');
  }
}

/**
 * Checks job variables against the template of their work pool, the pool's defaults filled in (contract, deployments-and-workers 5.4).
 *
 * @returns the defaults overlaid by the layers; an empty object when the template has no schema to check against.
 * @throws SchemaInvalidError when the template's `variables` are no schema.
 * @throws ValuesInvalidError when the variables break it, or a default of a new pool does.
 * @throws BlockNotFoundError
 */
export async function validateJobVariables(
  baseJobTemplate: Record<string, unknown>,
  layers: VariableLayers,
  rules: JobVariableRules,
): Promise<Record<string, unknown>> {
  const schema = baseJobTemplate.variables;
  if (!isObject(schema) || Object.keys(schema).length === 0) return {};
  validateSchema(schema);
  const { defaults, dropped } = await collectDefaults(schema, rules);
  const values = Object.assign({}, defaults, ...layers);
  validateValues(values, schema, { ignoreRequired: !rules.requireAll || dropped, allowNullWithDefault: true });
  return values;
}

async function collectDefaults(
  schema: Schema,
  { ignoreInvalidDefaults, findBlock }: JobVariableRules,
): Promise<{ defaults: Record<string, unknown>; dropped: boolean }> {
  const defaults: Record<string, unknown> = {};
  let dropped = false;
  const validate = createValidator(schema, { ignoreRequired: true, allowNullWithDefault: true });
  for (const [name, property] of Object.entries(isObject(schema.properties) ? schema.properties : {})) {
    if (!isObject(property) || !('default' in property)) continue;
    const value = await resolveDefault(property.default, findBlock);
    try {
      validate({ [name]: value });
      defaults[name] = value;
    } catch (error) {
      if (!(error instanceof ValuesInvalidError)) throw error;
      if (!ignoreInvalidDefaults)
        throw new ValuesInvalidError(`Validation failed for work pool's job variable defaults: ${error.message}`);
      dropped = true;
    }
  }
  return { defaults, dropped };
}

async function resolveDefault(value: unknown, findBlock: BlockLookup): Promise<unknown> {
  const id = isObject(value) && isObject(value.$ref) ? value.$ref.block_document_id : undefined;
  if (typeof id !== 'string') return value;
  const data = await findBlock(id);
  if (data === undefined) throw new BlockNotFoundError();
  return data;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
