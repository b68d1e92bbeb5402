/** The part of JSON Schema that Prefect's clients emit for parameters. */
export interface Schema {
  $ref?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  position?: number;
  writeOnly?: boolean;
  /** Stands on the schema of a block: a document of that type is referred to. */
  block_type_slug?: string;
  definitions?: Record<string, Schema>;
  $defs?: Record<string, Schema>;
}

/** How a value is asked for. */
export type Field =
  | { kind: 'text'; long: boolean; secret: boolean }
  | { kind: 'number'; integer: boolean; minimum?: number; maximum?: number }
  | { kind: 'boolean' }
  | { kind: 'choice'; options: unknown[] }
  | { kind: 'date-time' }
  | { kind: 'date' }
  | { kind: 'time' }
  | { kind: 'list'; item: Schema }
  /** Names that whoever fills in the form chooses, each with a value. */
  | { kind: 'map'; value: Schema }
  /** One of several kinds of values. */
  | { kind: 'union'; options: { title: string; schema: Schema }[] }
  /** A saved block of one type. */
  | { kind: 'block'; slug: string }
  | { kind: 'object'; properties: [name: string, schema: Schema][]; required: readonly string[] }
  | { kind: 'json' };

export interface ResolvedField {
  field: Field;
  schema: Schema;
  /** Whether null is a value of its own, beside those of the field. */
  nullable: boolean;
}

const DEEPEST = 6;

/** The schema of a deployment's parameters: whoever registered the flow wrote it, so it is read with care. */
export function schemaOfDeployment({
  parameter_openapi_schema,
}: {
  parameter_openapi_schema?: object | null | undefined;
}): Schema {
  const schema: Schema = parameter_openapi_schema ?? {};
  return typeof schema.properties === 'object' && schema.properties !== null ? schema : { ...schema, properties: {} };
}

/** Finds how to ask for a value of this schema; what no widget fits is asked for as JSON. */
export function resolveField(schema: Schema, root: Schema, depth = 0): ResolvedField {
  const plain = follow(schema, root);
  const { schema: inner, nullable } = splitNull(plain, root);
  return { field: depth > DEEPEST ? { kind: 'json' } : fieldOf(inner, root, depth), schema: inner, nullable };
}

/** The parameters of a schema, by `position` and then by their order in it. */
export function orderedProperties(schema: Schema): [name: string, schema: Schema][] {
  return Object.entries(schema.properties ?? {}).sort(([, a], [, b]) => (a.position ?? Infinity) - (b.position ?? Infinity) || 0);
}

/** A value to begin with when something is added: the default, or an empty value of the kind. */
export function startValue(schema: Schema, root: Schema): unknown {
  const { field, schema: resolved, nullable } = resolveField(schema, root);
  if (resolved.default !== undefined) return resolved.default;
  if (nullable) return null;
  switch (field.kind) {
    case 'text':
      return '';
    case 'number':
      return field.minimum ?? 0;
    case 'boolean':
      return false;
    case 'choice':
      return field.options[0];
    case 'list':
      return [];
    case 'object':
    case 'map':
      return {};
    case 'union': {
      const [first] = field.options;
      return first ? startValue(first.schema, root) : null;
    }
    default:
      return null;
  }
}

/** Follows references, keeping what is said beside them. */
function follow(schema: Schema, root: Schema): Schema {
  let found = schema;
  for (let hops = 0; hops < 10; hops++) {
    const [only, ...others] = found.allOf ?? [];
    const next = found.$ref ? lookUp(found.$ref, root) : only && others.length === 0 ? only : undefined;
    if (!next) return found;
    const { $ref: _ref, allOf: _allOf, ...beside } = found;
    found = { ...next, ...beside };
  }
  return {};
}

function lookUp(ref: string, root: Schema): Schema | undefined {
  const name = /^#\/(?:definitions|\$defs)\/(.+)$/.exec(ref)?.[1];
  return name === undefined ? undefined : (root.definitions?.[name] ?? root.$defs?.[name]);
}

function splitNull(schema: Schema, root: Schema): { schema: Schema; nullable: boolean } {
  if (Array.isArray(schema.type)) {
    const rest = schema.type.filter((type) => type !== 'null');
    const [only, ...others] = rest;
    const { type: _type, ...beside } = schema;
    return {
      schema: only !== undefined && others.length === 0 ? { ...beside, type: only } : beside,
      nullable: rest.length < schema.type.length,
    };
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!alternatives) return { schema, nullable: false };
  const rest = alternatives.filter((part) => part.type !== 'null');
  const [only, ...others] = rest;
  if (rest.length === alternatives.length || !only) return { schema, nullable: false };
  const { anyOf: _anyOf, oneOf: _oneOf, ...beside } = schema;
  if (others.length > 0) return { schema: { ...beside, anyOf: rest }, nullable: true };
  return { schema: { ...follow(only, root), ...beside }, nullable: true };
}

function fieldOf(schema: Schema, root: Schema, depth: number): Field {
  if (schema.block_type_slug !== undefined && depth > 0) return { kind: 'block', slug: schema.block_type_slug };
  const constants = schema.oneOf?.every((part) => part.const !== undefined) ? schema.oneOf.map((part) => part.const) : undefined;
  const options = schema.enum ?? constants ?? (schema.const === undefined ? undefined : [schema.const]);
  if (options) return { kind: 'choice', options };
  switch (schema.type) {
    case 'string':
      if (schema.format === 'date-time') return { kind: 'date-time' };
      if (schema.format === 'date') return { kind: 'date' };
      if (schema.format === 'time') return { kind: 'time' };
      return {
        kind: 'text',
        long: (schema.maxLength ?? 0) > 120 || schema.format === 'textarea',
        secret: schema.format === 'password' || schema.writeOnly === true,
      };
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        integer: schema.type === 'integer',
        ...(schema.minimum === undefined ? {} : { minimum: schema.minimum }),
        ...(schema.maximum === undefined ? {} : { maximum: schema.maximum }),
      };
    case 'boolean':
      return { kind: 'boolean' };
    case 'array':
      return schema.items && isEditable(schema.items, root, depth) ? { kind: 'list', item: schema.items } : { kind: 'json' };
    case 'object':
      if (schema.properties && Object.keys(schema.properties).length > 0)
        return { kind: 'object', properties: orderedProperties(schema), required: schema.required ?? [] };
      return typeof schema.additionalProperties === 'object' && isEditable(schema.additionalProperties, root, depth)
        ? { kind: 'map', value: schema.additionalProperties }
        : { kind: 'json' };
    default:
      return unionOf(schema, root, depth) ?? { kind: 'json' };
  }
}

/** A choice between kinds, if each of them has a widget of its own. */
function unionOf(schema: Schema, root: Schema, depth: number): Field | undefined {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!alternatives || alternatives.length < 2) return undefined;
  const options = alternatives.map((alternative) => {
    const followed = follow(alternative, root);
    return { title: followed.title ?? followed.type?.toString() ?? 'value', schema: alternative };
  });
  return options.every((option) => isEditable(option.schema, root, depth)) ? { kind: 'union', options } : undefined;
}

/** Whether a value is of the kind that a schema asks for, as far as its outside tells. */
export function isOfKind(value: unknown, schema: Schema, root: Schema): boolean {
  const { field, nullable } = resolveField(schema, root, 1);
  if (value === null) return nullable;
  switch (field.kind) {
    case 'number':
      return typeof value === 'number' && (!field.integer || Number.isInteger(value));
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return field.options.some((option) => JSON.stringify(option) === JSON.stringify(value));
    case 'list':
      return Array.isArray(value);
    case 'object':
      return isPlainObject(value) && field.required.every((name) => name in value);
    case 'map':
    case 'block':
      return isPlainObject(value);
    case 'text':
    case 'date':
    case 'date-time':
    case 'time':
      return typeof value === 'string';
    default:
      return true;
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether something better than JSON can be offered for a value inside of another. */
function isEditable(schema: Schema, root: Schema, depth: number): boolean {
  return resolveField(schema, root, depth + 1).field.kind !== 'json';
}
