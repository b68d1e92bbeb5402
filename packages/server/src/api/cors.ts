import type { FastifyInstance } from 'fastify';

/** Lets pages of other origins use the API; they carry no credentials. */
export function allowOtherOrigins(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.headers.origin) return done();
    reply.header('access-control-allow-origin', '*');
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return done();
    const wanted = request.headers['access-control-request-headers'];
    reply
      .code(200)
      .headers({
        'access-control-allow-methods': 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT',
        'access-control-max-age': '600',
        ...(wanted ? { 'access-control-allow-headers': wanted } : {}),
      })
      .send('OK');
  });
}
