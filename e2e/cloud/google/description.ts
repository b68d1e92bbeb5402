import { readFileSync } from 'node:fs';

/** A schema of a discovery document. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly readOnly?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
}

interface Parameter extends Schema {
  readonly location: 'path' | 'query';
}

interface Method {
  readonly httpMethod: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly request?: Schema;
  readonly response: Schema;
}

interface Document {
  readonly methods: Readonly<Record<string, Method>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** A request that one method of an API answers. */
export interface DescribedCall {
  readonly method: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const SYSTEM_PARAMETERS = new Set(['alt', 'prettyPrint', 'fields', 'key', 'quotaUser']);

/** An API of Google Cloud as its discovery document describes it: which requests there are, and what may stand in them. */
export class Description {
  readonly #document: Document;

  constructor(file: string) {
    this.#document = JSON.parse(readFileSync(new URL(`descriptions/${file}`, import.meta.url), 'utf8'));
  }

  /** The method that answers a request; undefined when the API has none. */
  match(httpMethod: string, url: URL): DescribedCall | undefined {
    for (const [method, { httpMethod: verb, path, parameters }] of Object.entries(this.#document.methods)) {
      if (verb !== httpMethod) continue;
      const name = /\{\+(\w+)\}/.exec(path)?.[1] ?? '';
      const value = valueInPath(path, decodeURIComponent(url.pathname).slice(1));
      if (value === undefined || !new RegExp(parameters[name]?.pattern ?? '$^').test(value)) continue;
      return { method, parameters: { ...Object.fromEntries(url.searchParams), [name]: value } };
    }
    return undefined;
  }

  /** What is wrong with a request, in the words of the platform; empty when nothing is. */
  checkRequest({ method, parameters }: DescribedCall, body: unknown): string[] {
    const described = this.#method(method);
    const unknown = Object.keys(parameters).filter((name) => !described.parameters[name] && !SYSTEM_PARAMETERS.has(name));
    const problems = unknown.map((name) => `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter.`);
    if (described.request === undefined) return body === undefined ? problems : [...problems, 'This request has no body.'];
    return [...problems, ...this.#check(body, described.request, '', true)];
  }

  /** What is wrong with an answer: the tests' own platform must not say what the real one cannot. */
  checkAnswer(method: string, answer: unknown): string[] {
    return this.#check(answer, this.#method(method).response, '', false);
  }

  #method(name: string): Method {
    const method = this.#document.methods[name];
    if (!method) throw new Error(`There is no method ${name}.`);
    return method;
  }

  #check(value: unknown, given: Schema, path: string, isRequest: boolean): string[] {
    const schema = given.$ref === undefined ? given : this.#document.schemas[given.$ref];
    if (!schema) throw new Error(`There is no schema ${given.$ref}.`);
    if (isRequest && (given.readOnly || schema.readOnly)) return [`Field '${path}' is output only.`];
    if (schema.type === 'array') {
      if (!Array.isArray(value)) return [wrong(path, 'a list', value)];
      return value.flatMap((item, index) => this.#check(item, schema.items ?? {}, `${path}[${index}]`, isRequest));
    }
    if (schema.type === 'object') return this.#checkObject(value, schema, path, isRequest);
    return checkScalar(value, schema, path);
  }

  #checkObject(value: unknown, schema: Schema, path: string, isRequest: boolean): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [wrong(path, 'an object', value)];
    return Object.entries(value).flatMap(([name, entry]) => {
      const inner = schema.properties?.[name] ?? schema.additionalProperties;
      if (!inner) return [`Invalid JSON payload received. Unknown name "${name}" at '${path}': Cannot find field.`];
      return this.#check(entry, inner, path === '' ? name : `${path}.${name}`, isRequest);
    });
  }
}

/** What stands in a path at the place of `{+name}`. */
function valueInPath(template: string, path: string): string | undefined {
  const [before = '', after = ''] = template.split(/\{\+\w+\}/);
  if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
  return path.slice(before.length, path.length - after.length);
}

function checkScalar(value: unknown, schema: Schema, path: string): string[] {
  const { type, format } = schema;
  if (type === 'boolean') return typeof value === 'boolean' ? [] : [wrong(path, 'TYPE_BOOL', value)];
  if (type === 'integer' || type === 'number') return typeof value === 'number' ? [] : [wrong(path, `TYPE_${format}`, value)];
  if (format === 'int64') return /^-?\d+$/.test(String(value)) ? [] : [wrong(path, 'TYPE_INT64', value)];
  if (type === 'any') return [];
  if (typeof value !== 'string') return [wrong(path, 'TYPE_STRING', value)];
  if (schema.enum && !schema.enum.includes(value)) return [wrong(path, 'an enum value', value)];
  if (format === 'google-duration' && !/^\d+(\.\d+)?s$/.test(value)) return [wrong(path, 'a duration', value)];
  if (format === 'google-datetime' && Number.isNaN(Date.parse(value))) return [wrong(path, 'a time', value)];
  return [];
}

function wrong(path: string, expected: string, value: unknown): string {
  return `Invalid value at '${path}' (${expected}), ${JSON.stringify(value)}`;
}
