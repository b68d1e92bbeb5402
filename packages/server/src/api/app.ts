import { readFileSync } from 'node:fs';
import { isUuid, type OperationName } from '@prefect-ts/protocol';
import { type ContractOperation, contract, type ReadOutcome, SchemaCompiler } from '@prefect-ts/protocol/contract';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Core } from '../core.ts';
import { ApiError } from '../errors.ts';
import { InvalidSettingError, type ServerSettings } from '../settings.ts';
import { IntegrityError, StorageUnavailableError } from '../storage/errors.ts';
import { requireAuthorization } from './authorization.ts';
import { allowOtherOrigins } from './cors.ts';
import { requireCsrfToken } from './csrf.ts';
import { InvalidRequestError, parseBody } from './request-body.ts';
import { clientVersions, creatorOf } from './request-headers.ts';
import { withoutRetiredMembers } from './retired-members.ts';
import { type ApiRequest, type Handler, RawText, Reply, type Routes } from './route.ts';
import { answerUnmatched, type Unmatched } from './unmatched.ts';

/** Bodies are checked by the contract's schemas; Fastify's own compilers would be loaded at each start for nothing. */
function refuseSchema(): never {
  throw new Error('Routes of this server have no Fastify schemas: the contract document says what they take.');
}

/** What stands for a path that matches no object's address. */
const UNKNOWN: unique symbol = Symbol('unknown path');

const compiler = new SchemaCompiler(contract.components.schemas);

/** Where the operations are carried out. */
export interface RouteSources {
  /** What is at hand from the start. */
  readonly early: Routes;
  /** Everything else; requests that come before it is there wait for it. */
  late(): Promise<readonly Routes[]>;
}

/** Makes the HTTP side of the server: every operation of the contract document under the API's base path. */
export function apiApp(core: Core, routes: RouteSources): FastifyInstance {
  const { settings } = core;
  const app = fastify({
    ...(settings.tls ? { https: certificateOf(settings.tls) } : {}),
    ...(settings.keepAliveSeconds === null ? {} : { keepAliveTimeout: settings.keepAliveSeconds * 1000 }),
    trustProxy: settings.trustedProxies === '*' ? true : settings.trustedProxies,
    bodyLimit: 128 * 1024 * 1024,
    routerOptions: { maxParamLength: 2_000 },
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));
  app.setErrorHandler((error, request, reply) => answerError(core, error, request, reply));
  allowOtherOrigins(app, settings);
  requireCsrfToken(app, core);
  requireAuthorization(app, core.settings);

  const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}` as OperationName),
  );
  const unmatched = answerUnmatched(core.settings.apiBasePath, operations);
  const find = handlerFinder(routes);
  for (const name of operations) mount(app, core, name, find, unmatched);
  app.setNotFoundHandler(unmatched);
  return app;
}

/** @throws InvalidSettingError when a file cannot be read. */
function certificateOf({ certificateFile, keyFile }: NonNullable<ServerSettings['tls']>): { cert: Buffer; key: Buffer } {
  try {
    return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
  } catch (error) {
    throw new InvalidSettingError(`The certificate of the server cannot be read: ${(error as Error).message}`);
  }
}

type AnyHandler = Handler<OperationName>;
type HandlerFinder = (name: OperationName) => AnyHandler | Promise<AnyHandler | undefined>;

function handlerFinder({ early, late }: RouteSources): HandlerFinder {
  let table: Promise<Map<string, AnyHandler>> | undefined;
  return (name) => {
    const handler = early[name] as AnyHandler | undefined;
    if (handler) return handler;
    table ??= late().then((parts) => new Map(parts.flatMap((part) => Object.entries(part) as [string, AnyHandler][])));
    return table.then((handlers) => handlers.get(name));
  };
}

function urlOf(core: Core, path: string): string {
  return core.settings.apiBasePath + path.replaceAll(/\{([^}]+)\}/g, ':$1');
}

function mount(app: FastifyInstance, core: Core, name: OperationName, find: HandlerFinder, unmatched: Unmatched): void {
  const [method = '', path = ''] = name.split(' ');
  const operation = contract.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`The contract document has no operation "${name}".`);
  const readers = readersWhenAsked(operation);
  let handler: AnyHandler | undefined;
  const success = Number(Object.keys(operation.responses).find((code) => code.startsWith('2')) ?? 200);

  app.route({
    method,
    url: urlOf(core, path),
    handler: async (request, reply) => {
      handler ??= await find(name);
      if (!handler) return unmatched(request, reply);
      const { readPath, readQuery, readBody } = readers();
      const client = clientVersions(request);
      const path = readPath(request.params as Record<string, unknown>);
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
      const apiRequest = {
        path: path.value,
        query: query.value,
        body: body.value,
        text: typeof request.body === 'string' ? request.body : '',
        sent: (member: string) => typeof raw === 'object' && raw !== null && member in raw,
        header: (header: string) => headerOf(request, header),
        client,
        createdBy: creatorOf(request),
        get baseUrl() {
          return `${request.protocol}://${request.host}`;
        },
      };
      const answer = await handler(apiRequest as never as ApiRequest<OperationName>, core);
      send(reply, success, answer);
      return reply;
    },
  });
}

/** The checks of an operation, made when it is first called: most are not called between two starts. */
function readersWhenAsked(operation: ContractOperation) {
  const make = () => ({
    readPath: parameterReader(operation, 'path'),
    readQuery: parameterReader(operation, 'query'),
    readBody: bodyReader(operation),
  });
  let readers: ReturnType<typeof make> | undefined;
  return () => {
    readers ??= make();
    return readers;
  };
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
    return read(schema.properties ? withoutNulls(raw) : raw);
  };
}

/** A body whose members are parameters of the operation, rather than an object of the API, takes null for "not given". */
function withoutNulls(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  return Object.values(raw).includes(null) ? Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null)) : raw;
}

function answerError(core: Core, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError) return reply.code(error.status).headers(error.headers).send(error.body);
  if (error instanceof IntegrityError)
    return reply.code(409).send({
      detail:
        'Data integrity conflict. This usually means a unique or foreign key constraint was violated. See server logs for details.',
    });
  if (error instanceof StorageUnavailableError) {
    core.log.warn({ err: error, url: request.url }, 'the database is not available');
    return reply.code(503).send({ exception_message: 'Service Unavailable' });
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413) return reply.code(413).send({ detail: 'The body of the request is too large.' });
  core.log.error({ err: error, method: request.method, url: request.url }, 'a request failed');
  return reply.code(500).send({ exception_message: 'Internal Server Error' });
}
