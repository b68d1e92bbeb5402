/**
 * Writes `src/client/generated/resources.ts` from the contract: one interface a resource, one method an operation.
 * Run `node packages/sdk/generate-client.ts` after the contract document has changed; `--check` only compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type ContractOperation, contract } from '@prefect-ts/protocol/contract';

interface Method {
  readonly resource: string;
  readonly name: string;
  readonly operation: string;
  readonly path: readonly string[];
  readonly body: 'none' | 'optional' | 'needed';
  readonly query: 'none' | 'optional' | 'needed';
}

/** Resources whose name is not that of their path. */
const RESOURCES: Readonly<Record<string, string>> = {
  'v2/concurrency_limits': 'concurrencyLimits',
  concurrency_limits: 'tagConcurrencyLimits',
};
/** Paths of one segment that belong to no resource. */
const ABOUT_SERVER: ReadonlySet<string> = new Set(['csrf-token', 'health', 'hello', 'ready', 'version']);
/** Segments that say by what the next one finds an object. */
const FINDERS: ReadonlySet<string> = new Set(['name', 'slug', 'checksum', 'tag', 'owned-by', 'related-to']);
/** What POST makes, where other segments say what POST does. */
const MADE: Readonly<Record<string, string>> = {
  schedules: 'createSchedules',
  queues: 'createQueue',
  input: 'createInput',
  renew: 'renewLease',
};
/** Verbs that stand last in a path and first in a name. */
const VERBS: ReadonlySet<string> = new Set(['filter', 'count', 'reset', 'validate', 'heartbeat', 'download']);
const ON_ONE: Readonly<Record<string, string>> = {
  GET: 'read',
  PATCH: 'update',
  DELETE: 'delete',
  PUT: 'replace',
  POST: 'change',
};
const ON_ALL: Readonly<Record<string, string>> = { GET: 'list', POST: 'create', PUT: 'save', DELETE: 'deleteAll' };

const methods = Object.entries(contract.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => describe(method.toUpperCase(), path, operation)),
);
const byResource = Map.groupBy(methods, (each) => each.resource);
for (const [resource, each] of byResource) {
  const names = each.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`Two operations would be ${resource}.${twice}(); give the generator a rule that tells them apart.`);
}

const text = `// Written by generate-client.ts from the contract document. Do not edit.
import type { AnswerOf, BodyOf, CallControls, QueryOf } from '../client.ts';

${[...byResource].map(([resource, each]) => interfaceOf(resource, each)).join('\n\n')}

/** Every operation of the API, as methods grouped by what they are about. */
export interface ResourceMethods {
${[...byResource.keys()].map((resource) => `  readonly ${resource}: ${typeNameOf(resource)};`).join('\n')}
}

/** For each method its operation, and what follows the values of the path: b a body, q a query. */
export const RESOURCE_METHODS: Readonly<Record<keyof ResourceMethods, Readonly<Record<string, readonly [operation: string, follows: string]>>>> = {
${[...byResource]
  .map(
    ([resource, each]) =>
      `  ${resource}: {\n${each.map(({ name, operation, body, query }) => `    ${name}: ['${operation}', '${body === 'none' ? '' : 'b'}${query === 'none' ? '' : 'q'}'],`).join('\n')}\n  },`,
  )
  .join('\n')}
};
`;

const target = new URL('./src/client/generated/resources.ts', import.meta.url);
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error(
      'src/client/generated/resources.ts is not what the contract gives. Run `node packages/sdk/generate-client.ts`.',
    );
    process.exitCode = 1;
  }
} else writeFileSync(target, text);

function describe(method: string, path: string, operation: ContractOperation): Method {
  const [, first = '', ...others] = path.split('/');
  const versioned = /^v\d+$/.test(first) || first === 'ui';
  const about = versioned && first !== 'ui' ? `${first}/${others.shift()}` : first;
  const resource = ABOUT_SERVER.has(about) ? 'server' : (RESOURCES[about] ?? camel(about));
  const segments = ABOUT_SERVER.has(about) ? [about] : others.filter((segment) => segment !== '');
  const query = (operation.parameters ?? []).filter((each) => each.in === 'query');
  return {
    resource,
    name: nameOf(method, segments),
    operation: `${method} ${path}`,
    path: [...path.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name = '']) => camel(name)),
    body: operation.requestBody ? (operation.requestBody.required ? 'needed' : 'optional') : 'none',
    query: query.length === 0 ? 'none' : query.some((each) => each.required) ? 'needed' : 'optional',
  };
}

function nameOf(method: string, segments: readonly string[]): string {
  const isValue = (segment: string | undefined) => segment?.startsWith('{') ?? false;
  const finders = segments.filter((segment, index) => FINDERS.has(segment) && isValue(segments[index + 1]));
  const found = finders.length === 0 ? '' : `By${pascal(finders.at(-1) ?? '')}`;
  const said = segments.filter((segment) => !isValue(segment) && !finders.includes(segment));
  const last = said.at(-1);
  if (last === undefined) return ((segments.some(isValue) ? ON_ONE[method] : ON_ALL[method]) ?? '') + found;
  if (VERBS.has(last)) return camel([last, ...said.slice(0, -1)].join('_')) + found;
  // A path that ends in a value is about one member of what is said before it.
  const about = isValue(segments.at(-1)) ? said.map(singular) : said;
  if (method === 'POST') return MADE[last] ?? camel(said.join('_')) + found;
  return `${ON_ONE[method]}${pascal(about.join('_'))}${found}`;
}

function singular(words: string): string {
  return words.replace(/s$/, '');
}

function interfaceOf(resource: string, each: readonly Method[]): string {
  return `/** The methods of \`client.${resource}\`. */\nexport interface ${typeNameOf(resource)} {\n${each.map(memberOf).join('\n')}\n}`;
}

function memberOf({ name, operation, path, body, query }: Method): string {
  const parameters = [
    ...path.map((value) => `${value}: string`),
    ...(body === 'none' ? [] : [`body${body === 'optional' ? '?' : ''}: BodyOf<'${operation}'>`]),
    ...(query === 'none' ? [] : [`query${query === 'optional' ? '?' : ''}: QueryOf<'${operation}'>`]),
    'controls?: CallControls',
  ];
  return `  /** \`${operation}\` */\n  ${name}(${parameters.join(', ')}): Promise<AnswerOf<'${operation}'>>;`;
}

function typeNameOf(resource: string): string {
  return `${pascal(resource)}Methods`;
}

function camel(words: string): string {
  return words.replace(/[_-]+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function pascal(words: string): string {
  const text = camel(words);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
