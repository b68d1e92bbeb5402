import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { OperationName } from '@prefect-ts/protocol';
import { contract } from '@prefect-ts/protocol/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fastify } from '#web';
import type { Core } from '../core.ts';
import { ApiError } from '../errors.ts';
import { InvalidSettingError, type ServerSettings } from '../settings.ts';
import { IntegrityError, StorageTimeoutError, StorageUnavailableError } from '../storage/errors.ts';
import { requireAuthorization } from './authorization.ts';
import { allowOtherOrigins } from './cors.ts';
import { requireCsrfToken } from './csrf.ts';
import { type AnyHandler, type Endpoint, type HandlerFinder, makeEndpoint } from './endpoint.ts';
import { OperationPaths } from './operation-paths.ts';
import { InvalidRequestError } from './request-body.ts';
import type { Routes } from './route.ts';
import { answerUnmatched } from './unmatched.ts';

/** Bodies are checked by the contract's schemas; Fastify's own compilers would be loaded at each start for nothing. */
function refuseSchema(): never {
  throw new Error('Routes of this server have no Fastify schemas: the contract document says what they take.');
}

/** Where the operations are carried out. */
export interface RouteSources {
  /** What is at hand from the start. */
  readonly early: Routes;
  /** What carries out any other operation; a request waits until it is loaded. */
  late(name: OperationName): Promise<AnyHandler | undefined>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The operation of the API that the request is for. */
    operation: OperationName | null;
  }
}

/** Makes the HTTP side of the server: every operation of the contract document under the API's base path. */
export function apiApp(core: Core, routes: RouteSources): FastifyInstance {
  const { settings } = core;
  const app = fastify({
    ...(settings.tls ? { https: certificateOf(settings.tls) } : {}),
    ...(settings.keepAliveSeconds === null ? {} : { keepAliveTimeout: settings.keepAliveSeconds * 1000 }),
    trustProxy: settings.trustedProxies === '*' ? true : settings.trustedProxies,
    bodyLimit: 128 * 1024 * 1024,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    if (isUtf8(body as Buffer)) done(null, body.toString());
    else
      done(
        new InvalidRequestError([{ type: 'json_invalid', loc: ['body', 0], msg: 'The body is no UTF-8 text', input: {} }], null),
      );
  });
  app.setErrorHandler((error, request, reply) => answerError(core, error, request, reply));
  allowOtherOrigins(app, settings);
  requireCsrfToken(app, core);
  requireAuthorization(app, core.settings);

  const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}` as OperationName),
  );
  const unmatched = answerUnmatched(core.settings.apiBasePath, operations);
  const find = handlerFinder(routes);
  const paths = new OperationPaths(operations);
  const endpoints = new Map<OperationName, Endpoint>();
  app.decorateRequest('operation', null);
  const { apiBasePath } = core.settings;
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: `${apiBasePath}/*`,
    handler: (request, reply) => {
      const query = request.url.indexOf('?');
      const path = request.url.slice(apiBasePath.length, query < 0 ? undefined : query);
      const matched = paths.match(request.method, path);
      if (!matched) return unmatched(request, reply);
      request.operation = matched.name;
      let endpoint = endpoints.get(matched.name);
      if (!endpoint) {
        endpoint = makeEndpoint(core, matched.name, find, unmatched);
        endpoints.set(matched.name, endpoint);
      }
      return endpoint(request, reply, matched.parameters);
    },
  });
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

function handlerFinder({ early, late }: RouteSources): HandlerFinder {
  return (name) => (early[name] as AnyHandler | undefined) ?? late(name);
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
    const message = error instanceof StorageTimeoutError ? error.message : 'Service Unavailable';
    return reply.code(503).send({ exception_message: message });
  }
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413) return reply.code(413).send({ detail: 'The body of the request is too large.' });
  // Nothing that is written by hand is nested so deeply that it cannot be gone through.
  if (error instanceof RangeError && error.message.includes('call stack'))
    return reply.code(422).send({ detail: 'The body of the request is nested too deeply.' });
  core.log.error({ err: error, method: request.method, url: request.url }, 'a request failed');
  return reply.code(500).send({ exception_message: 'Internal Server Error' });
}
