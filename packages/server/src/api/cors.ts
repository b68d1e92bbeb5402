import type { FastifyInstance } from 'fastify';
import type { ServerSettings } from '../settings.ts';

const ANY = '*';
const METHODS = 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT';

/** Lets pages of other origins use the API, as far as the settings allow; they carry no credentials. Contract: events 1.6. */
export function allowOtherOrigins(app: FastifyInstance, { cors }: ServerSettings): void {
  const origins = new Set(listOf(cors.origins));
  const methods = cors.methods === ANY ? METHODS : listOf(cors.methods).join(', ');
  const headers = cors.headers === ANY ? undefined : listOf(cors.headers).join(', ');
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers;
    if (!origin) return done();
    if (origins.has(ANY)) reply.header('access-control-allow-origin', ANY);
    else {
      reply.header('vary', 'Origin');
      if (origins.has(origin)) reply.header('access-control-allow-origin', origin);
    }
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return done();
    const allowed = headers ?? request.headers['access-control-request-headers'];
    reply
      .code(200)
      .headers({
        'access-control-allow-methods': methods,
        'access-control-max-age': '600',
        ...(allowed ? { 'access-control-allow-headers': allowed } : {}),
      })
      .send('OK');
  });
}

function listOf(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}
