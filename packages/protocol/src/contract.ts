import corrections from '../corrections.json' with { type: 'json' };
import extensions from '../extensions.json' with { type: 'json' };
import openapi from '../openapi.json' with { type: 'json' };
import type { JsonSchema } from './schema/json-schema.ts';

/** One operation of the contract document. */
export interface ContractOperation {
  readonly parameters?: readonly { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: JsonSchema }[];
  readonly requestBody?: { required?: boolean; content: Record<string, { schema: JsonSchema }> };
  readonly responses: Record<string, { content?: Record<string, { schema?: JsonSchema }> }>;
  readonly tags?: readonly string[];
}

/** The contract as an OpenAPI document: the reference's operations, and ours beside them. */
export interface ContractDocument {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Record<string, Record<string, ContractOperation>>;
  readonly components: { schemas: Record<string, JsonSchema> };
}

const base = openapi as unknown as ContractDocument;
const added = extensions as unknown as Pick<ContractDocument, 'paths' | 'components'>;

export const contract: ContractDocument = {
  ...base,
  paths: { ...base.paths, ...added.paths },
  components: { schemas: corrected({ ...base.components.schemas, ...added.components.schemas }) },
};

/** Some members are read in another way than the document says: `corrections.json` names them, component and property. */
function corrected(schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  for (const [place, schema] of Object.entries(corrections as Record<string, JsonSchema>)) {
    const [component = '', property = ''] = place.split('.');
    const before = schemas[component];
    if (!before?.properties?.[property])
      throw new Error(`corrections.json names ${place}, which the contract document does not have.`);
    schemas[component] = { ...before, properties: { ...before.properties, [property]: schema } };
  }
  return schemas;
}

export type { JsonSchema } from './schema/json-schema.ts';
export { type ReadOutcome, SchemaCompiler } from './schema/reader.ts';
export type { ValidationIssue } from './schema/validation-error.ts';
