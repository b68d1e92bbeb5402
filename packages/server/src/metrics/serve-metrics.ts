import type { FastifyInstance } from 'fastify';
import type { Core } from '../core.ts';
import { EXPOSITION_TYPE, exposition } from './exposition.ts';
import { RequestTimes } from './request-times.ts';

/** Two who ask at about the same time get the same answer. */
const KEPT_MILLIS = 1_000;

/** Serves `/metrics` below the API. What it costs is paid when somebody asks, but for the times of requests, which cost a comparison each. */
export function serveMetrics(app: FastifyInstance, core: Core): void {
  const times = new RequestTimes();
  times.watch(app, core.settings.apiBasePath);
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

/** Loaded with the first question. */
async function measure(core: Core) {
  const { measures } = await import('./measures.ts');
  return measures(core);
}
