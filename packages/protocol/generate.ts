/**
 * Writes `src/generated/api.ts` from the contract document: one interface a component, one entry an operation.
 * Run it with `npm run generate` after the contract document has changed.
 *
 * What a client sends and what a server answers differ in which members must be there: an answer always carries
 * every member, a request may leave out those with a default. A component that is used both ways therefore becomes
 * two types, `X` (as answered) and `XInput` (as sent).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { contract as document } from './src/contract.ts';

interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema?: Schema }> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

type Direction = 'input' | 'output';

const { paths, components } = document as unknown as Document;
const { schemas } = components;

const reached: Record<Direction, Set<string>> = { input: new Set(), output: new Set() };

function componentOf(ref: string): string {
  return ref.slice('#/components/schemas/'.length);
}

function reach(schema: Schema | undefined, direction: Direction): void {
  if (!schema) return;
  if (schema.$ref) {
    const name = componentOf(schema.$ref);
    if (reached[direction].has(name)) return;
    reached[direction].add(name);
    reach(schemas[name], direction);
    return;
  }
  for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? []), ...(schema.prefixItems ?? [])])
    reach(part, direction);
  reach(schema.items, direction);
  if (typeof schema.additionalProperties === 'object') reach(schema.additionalProperties, direction);
  for (const property of Object.values(schema.properties ?? {})) reach(property, direction);
}

/** Enumerations and other plain values read the same in both directions. */
function isPlain(component: string): boolean {
  const schema = schemas[component];
  return schema?.enum !== undefined || (schema?.type !== undefined && !['object', 'array'].includes(schema.type));
}

function typeName(component: string, direction: Direction): string {
  const name = component.replaceAll(/[^A-Za-z0-9]/g, '');
  if (isPlain(component)) return name;
  return direction === 'input' && reached.output.has(component) ? `${name}Input` : name;
}

function union(parts: string[]): string {
  return [...new Set(parts)].join(' | ');
}

function typeOf(schema: Schema | undefined, direction: Direction): string {
  if (!schema) return 'unknown';
  if (schema.$ref) return typeName(componentOf(schema.$ref), direction);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return union(alternatives.map((part) => typeOf(part, direction)));
  if (schema.allOf) return schema.allOf.map((part) => typeOf(part, direction)).join(' & ');
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      if (schema.prefixItems) return `[${schema.prefixItems.map((part) => typeOf(part, direction)).join(', ')}]`;
      return `Array<${typeOf(schema.items, direction)}>`;
    case 'object': {
      if (schema.properties) return objectOf(schema, direction);
      const values = schema.additionalProperties;
      return `Record<string, ${typeof values === 'object' ? typeOf(values, direction) : 'unknown'}>`;
    }
    default:
      return 'unknown';
  }
}

function objectOf(schema: Schema, direction: Direction): string {
  const members = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
    const optional = direction === 'input' && !schema.required?.includes(key);
    return `  ${name}${optional ? '?' : ''}: ${typeOf(property, direction)}${optional ? ' | undefined' : ''};`;
  });
  return `{\n${members.join('\n')}\n}`;
}

function bodySchema(operation: Operation): Schema | undefined {
  return Object.values(operation.requestBody?.content ?? {})[0]?.schema;
}

function answerSchema(operation: Operation): Schema | undefined {
  const status = Object.keys(operation.responses).find((code) => code.startsWith('2')) ?? '';
  return operation.responses[status]?.content?.['application/json']?.schema;
}

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);
for (const { operation } of operations) {
  reach(bodySchema(operation), 'input');
  reach(answerSchema(operation), 'output');
  for (const parameter of operation.parameters ?? []) reach(parameter.schema, 'input');
}
// Objects that travel over websockets or inside other documents, and so belong to no operation.
for (const name of ['Event', 'ReceivedEvent', 'EventFilter'])
  if (name in schemas) reach({ $ref: `#/components/schemas/${name}` }, 'output');

function declarations(direction: Direction): string[] {
  return [...reached[direction]].sort().flatMap((component) => {
    const name = typeName(component, direction);
    if (direction === 'input' && name === typeName(component, 'output') && reached.output.has(component)) return [];
    const schema = schemas[component];
    if (schema?.type === 'object' && schema.properties) return [`export interface ${name} ${objectOf(schema, direction)}`];
    return [`export type ${name} = ${typeOf(schema, direction)};`];
  });
}

function parametersOf(operation: Operation, place: string): string {
  const members = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === place)
    .map(
      (parameter) => `${JSON.stringify(parameter.name)}${parameter.required ? '' : '?'}: ${typeOf(parameter.schema, 'input')}`,
    );
  return `{ ${members.join('; ')} }`;
}

const text = `// Written by generate.ts from the contract document. Do not edit.

${[...declarations('output'), ...declarations('input')].join('\n\n')}

/** Every operation of the API: what it takes and what it answers. */
export interface Operations {
${operations
  .map(({ name, operation }) => {
    const body = bodySchema(operation);
    const answer = answerSchema(operation);
    const optionalBody = operation.requestBody?.required ? '' : ' | undefined';
    return `  ${JSON.stringify(name)}: { path: ${parametersOf(operation, 'path')}; query: ${parametersOf(operation, 'query')}; body: ${
      body ? `${typeOf(body, 'input')}${optionalBody}` : 'undefined'
    }; answer: ${answer && Object.keys(answer).length > 0 ? typeOf(answer, 'output') : 'unknown'} };`;
  })
  .join('\n')}
}

/** The name of an operation, method and path template, for example \`POST /flow_runs/{id}/set_state\`. */
export type OperationName = keyof Operations;
`;
const target = new URL('./src/generated/api.ts', import.meta.url);
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('packages/protocol/src/generated/api.ts is not what the contract document gives. Run `npm run generate`.');
    process.exitCode = 1;
  }
} else writeFileSync(target, text);
