import { createHash } from 'node:crypto';
import { ConfigurationError } from '../errors.ts';
import { toPythonJson } from '../results/python-json.ts';
import { type JsonSchema, jsonSchemaOf, tidyJsonSchema } from '../schema/json-schema.ts';
import { type BlockDefinition, blockDefinitionOf } from './definition.ts';

/** A block schema as the API takes it (contract, SDK 28.3). */
export interface BlockFields {
  readonly [keyword: string]: unknown;
  readonly title: string;
  readonly secret_fields: readonly string[];
  readonly definitions?: Readonly<Record<string, unknown>>;
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
  readonly definitions: Readonly<Record<string, unknown>>;
}

/** The schema of the fields of a block, less those that hold other blocks. */
function ownSchema({ slug, jsonSchema, schema }: BlockDefinition): ObjectSchema {
  const written = jsonSchema ? (tidyJsonSchema(jsonSchema) as JsonSchema) : jsonSchemaOf(schema);
  if (written?.type === 'object') return { properties: {}, required: [], definitions: {}, ...written };
  throw new ConfigurationError(`The block "${slug}" needs a schema of an object that can be written as JSON Schema.`, {
    hint: 'Use a library that can write it, such as zod 4 or arktype 2, or give `jsonSchema`.',
  });
}

/** The fields of a block by what other languages call them. */
export function fieldNames(definition: BlockDefinition): ReadonlyMap<string, string> {
  const names = [...Object.keys(ownSchema(definition).properties), ...Object.keys(definition.refs ?? {})];
  return new Map(names.map((name) => [wireName(definition, name), name]));
}

/** Paths of the values that are hidden, less those in other blocks. */
export function secretPaths(definition: BlockDefinition): string[] {
  const { properties } = ownSchema(definition);
  const hidden = Object.keys(properties).filter((name) => properties[name]?.writeOnly === true);
  return [...new Set([...hidden, ...(definition.secrets ?? [])])];
}

/** The schema of a kind of block in the form that the server and Python read, with the blocks that it refers to. */
export function blockFields(definition: BlockDefinition): BlockFields {
  const { slug, refs = {}, secrets = [], description } = definition;
  const { properties, required, definitions } = ownSchema(definition);
  const own = Object.entries(properties).map(([name, property]) => [name, propertyOf(name, property, secrets)] as const);
  const referred = Object.entries(refs).map(([name, each]) => ({ name, fields: blockFields(blockDefinitionOf(each)), each }));
  const others = referred.map(({ name, fields }) => [name, { $ref: `#/definitions/${fields.title}` }] as const);
  const needed = [...required.filter((name) => !('default' in (properties[name] ?? {}))), ...referred.map(({ name }) => name)];
  const described = Object.fromEntries(referred.map(({ fields }) => [fields.title, fields]));
  const allDefinitions = { ...definitions, ...described };
  return {
    block_schema_references: Object.fromEntries(
      referred.map(({ name, fields, each }) => [
        wireName(definition, name),
        { block_schema_checksum: checksumOf(fields), block_type_slug: each.slug },
      ]),
    ),
    block_type_slug: slug,
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(
      [...own, ...others].map(([name, property], position) => [wireName(definition, name), { ...property, position }]),
    ),
    ...(needed.length > 0 ? { required: needed.map((name) => wireName(definition, name)) } : {}),
    secret_fields: [
      ...new Set([
        ...secretPaths(definition).map((path) => wirePath(definition, path)),
        ...referred.flatMap(({ name, fields }) => fields.secret_fields.map((path) => `${wireName(definition, name)}.${path}`)),
      ]),
    ],
    title: titleOf(definition),
    type: 'object',
    ...(Object.keys(allDefinitions).length > 0 ? { definitions: allDefinitions } : {}),
  };
}

/** What a block schema is looked up by; Python computes the same one for the same fields. */
export function checksumOf(fields: BlockFields): string {
  const { definitions, ...others } = withoutSecretFields(fields) as BlockFields;
  // Blocks that are referred to have checksums of their own.
  const kept = Object.entries(definitions ?? {}).filter(([, each]) => !(each as JsonSchema).block_type_slug);
  const hashed = kept.length === 0 ? others : { ...others, definitions: Object.fromEntries(kept) };
  const text = toPythonJson([[hashed], {}], { sortKeys: true });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** How other languages call a field: `bucketName` is `bucket_name`. */
export function wireName({ fields = {} }: BlockDefinition, name: string): string {
  return fields[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The title of a kind of block: as given, else `LakeStore` for `lake-store`. */
export function titleOf({ title, slug }: BlockDefinition): string {
  return title ?? slug.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function wirePath(definition: BlockDefinition, path: string): string {
  const [first = '', ...rest] = path.split('.');
  return [wireName(definition, first), ...rest].join('.');
}

function propertyOf(name: string, property: JsonSchema, secrets: readonly string[]): JsonSchema {
  const words = name.replace(/([A-Z])/g, ' $1').split(/[\s_]+/);
  const title = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
  const hidden = secrets.includes(name) && property.type === 'string' ? { format: 'password', writeOnly: true } : {};
  return { title, ...property, ...hidden };
}

function withoutSecretFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([name]) => name !== 'secret_fields');
  return Object.fromEntries(entries.map(([name, each]) => [name, withoutSecretFields(each)]));
}
