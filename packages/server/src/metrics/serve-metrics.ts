import type { OperationName } from '@prefect-ts/protocol';
import { contract } from '@prefect-ts/protocol/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OperationPaths } from '../api/operation-paths.ts';
import type { Core } from '../core.ts';
import { EXPOSITION_TYPE, exposition } from './exposition.ts';
import { RequestTimes } from './request-times.ts';

/** Two who ask at about the same time get the same answer. */
const KEPT_MILLIS = 1_000;

/** Serves `/metrics` below the API. What it costs is paid when somebody asks, but for the times of requests, which cost a comparison each. */
export function serveMetrics(app: FastifyInstance, core: Core): void {
  const times = new RequestTimes();
  times.watch(app, routeNames(core.settings.apiBasePath));
  let measured: { readonly at: number; readonly metrics: ReturnType<typeof measure> } | undefined;
  app.get(`${core.settings.apiBasePath}/metrics`, async (_request, reply) => {
    if (!measured || performance.now() - measured.at > KEPT_MILLIS) measured = { at: performance.now(), metrics: measure(core) };
    const metrics = await measured.metrics.catch((error: unknown) => {
      measured = undefined;
      throw error;
    });
    return reply.type(EXPOSITION_TYPE).send(exposition([...metrics, times.metric()]));
  });
}

/** Names requests by the operation that they call; the dashboard and what nobody serves have a name each. */
function routeNames(apiBasePath: string): (request: FastifyRequest) => string {
  const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}` as OperationName),
  );
  const paths = new OperationPaths(operations);
  return ({ method, url, routeOptions }) => {
    const address = url.split('?')[0] ?? '';
    const matched = address.startsWith(`${apiBasePath}/`) ? paths.match(method, address.slice(apiBasePath.length)) : undefined;
    return matched ? apiBasePath + matched.name.slice(matched.name.indexOf(' ') + 1) : (routeOptions.url ?? 'unknown');
  };
}

/** Loaded with the first question. */
async function measure(core: Core) {
  const { measures } = await import('./measures.ts');
  return measures(core);
}
