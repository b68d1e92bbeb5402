import { isUuid, type OperationName, type UpdatedBy } from '@prefect-ts/protocol';
import { type ContractOperation, contract, type ReadOutcome, SchemaCompiler } from '@prefect-ts/protocol/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Core } from '../core.ts';
import type { ClientVersions } from '../orchestration/transition.ts';
import { InvalidRequestError, parseBody } from './request-body.ts';
import { clientVersions, creatorOf } from './request-headers.ts';
import { withoutRetiredMembers } from './retired-members.ts';
import { type ApiRequest, type Handler, RawText, Reply } from './route.ts';
import type { Unmatched } from './unmatched.ts';

/** What carries an operation out, whichever it is. */
export type AnyHandler = Handler<OperationName>;

/** Finds what carries an operation out; it may have to be loaded. */
export type HandlerFinder = (name: OperationName) => AnyHandler | Promise<AnyHandler | undefined>;

/** What stands for a path that matches no object's address. */
const UNKNOWN: unique symbol = Symbol('unknown path');

const compiler = new SchemaCompiler(contract.components.schemas);

/** Carries one operation out, from the request to its answer. */
export type Endpoint = (
  request: FastifyRequest,
  reply: FastifyReply,
  parameters: Readonly<Record<string, string>>,
) => Promise<FastifyReply>;

/** Made when the operation is first called: most are not called between two starts. */
export function makeEndpoint(core: Core, name: OperationName, find: HandlerFinder, unmatched: Unmatched): Endpoint {
  const [method = '', path = ''] = name.split(' ');
  const operation = contract.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`The contract document has no operation "${name}".`);
  const readPath = parameterReader(operation, 'path');
  const readQuery = parameterReader(operation, 'query');
  const readBody = bodyReader(operation);
  const success = Number(Object.keys(operation.responses).find((code) => code.startsWith('2')) ?? 200);
  let handler: AnyHandler | undefined;

  return async (request, reply, parameters) => {
    handler ??= await find(name);
    if (!handler) return unmatched(request, reply);
    const client = clientVersions(request);
    const path = readPath(parameters);
    if (path === UNKNOWN) return unmatched(request, reply);
    const raw = withoutRetiredMembers(name, parseBody(request.body));
    const query = readQuery(request.query as Record<string, unknown>);
    const body = readBody(raw);
    if (query === UNKNOWN) return reply.code(404).send({ detail: 'Not Found' });
    if (!path.ok || !query.ok || !body.ok)
      throw new InvalidRequestError(
        [path, query, body].flatMap((outcome) => (outcome.ok ? [] : outcome.issues)),
        raw ?? null,
      );
    const received = new ReceivedRequest(request, client, raw, { path: path.value, query: query.value, body: body.value });
    const answer = await handler(received as never as ApiRequest<OperationName>, core);
    send(reply, success, answer);
    return reply;
  };
}

/**
 * What a handler is told of a request. A class, because an object that is written down with a getter of its own is, to the engine, of a new kind
 * each time, and such kinds keep the body until the next whole collection.
 */
class ReceivedRequest {
  readonly client: ClientVersions;
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly #request: FastifyRequest;
  readonly #raw: unknown;

  constructor(
    request: FastifyRequest,
    client: ClientVersions,
    raw: unknown,
    checked: { path: unknown; query: unknown; body: unknown },
  ) {
    this.client = client;
    this.path = checked.path;
    this.query = checked.query;
    this.body = checked.body;
    this.#request = request;
    this.#raw = raw;
  }

  get text(): string {
    return typeof this.#request.body === 'string' ? this.#request.body : '';
  }

  get createdBy(): UpdatedBy | null {
    return creatorOf(this.#request);
  }

  get baseUrl(): string {
    return `${this.#request.protocol}://${this.#request.host}`;
  }

  readonly sent = (member: string): boolean => typeof this.#raw === 'object' && this.#raw !== null && member in this.#raw;

  readonly header = (name: string): string | undefined => headerOf(this.#request, name);
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function send(reply: FastifyReply, success: number, answer: unknown): void {
  const { status, value, headers } =
    answer instanceof Reply ? answer : { status: success, value: answer, headers: {} as Readonly<Record<string, string>> };
  reply.code(status).headers(headers);
  if (status === 204) reply.send();
  else if (value instanceof RawText) reply.headers(value.headers).type(value.contentType).send(value.text);
  else reply.type('application/json').send(JSON.stringify(value ?? null));
}

/** A path whose id is no UUID matches no route at all, so it is unknown rather than invalid. */
function parameterReader(operation: ContractOperation, place: 'path' | 'query') {
  const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  const ids = place === 'path' ? parameters.filter(({ schema }) => schema.format === 'uuid') : [];
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
  const read =
    parameters.length === 0
      ? (): ReadOutcome => ({ ok: true, value: {} })
      : compiler.compile({ type: 'object', properties, required }, place);
  return (values: Record<string, unknown>): ReadOutcome | typeof UNKNOWN =>
    ids.some(({ name }) => !isUuid(String(values[name]))) ? UNKNOWN : read(values);
}

/** A body that is missing or null stands for all defaults, where the contract has one for each member. */
function bodyReader(operation: ContractOperation): (raw: unknown) => ReadOutcome {
  const body = operation.requestBody;
  const schema = Object.values(body?.content ?? {})[0]?.schema;
  if (!schema) return () => ({ ok: true, value: undefined });
  const read = compiler.compile(schema, 'body');
  return (raw) => {
    if ((raw === undefined || raw === null) && !body?.required)
      return schema.type === 'object' ? read({}) : { ok: true, value: raw };
    if (raw === undefined) return { ok: false, issues: [{ type: 'missing', loc: ['body'], msg: 'Field required', input: null }] };
    return schema.properties ? withoutInputs(read(withoutNulls(raw))) : read(raw);
  };
}

/** Of a parameter that is missing nothing was put in, whatever else the body holds. */
function withoutInputs(outcome: ReadOutcome): ReadOutcome {
  if (outcome.ok) return outcome;
  const issues = outcome.issues.map((issue) =>
    issue.type === 'missing' && issue.loc.length === 2 ? { ...issue, input: null } : issue,
  );
  return { ok: false, issues };
}

/** A body whose members are parameters of the operation, rather than an object of the API, takes null for "not given". */
function withoutNulls(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return Object.values(raw).includes(null) ? Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null)) : raw;
}
