import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ServerSettings } from '../settings.ts';

/** Where the server was given a user and password, every request under the API must carry them, health checks excepted. */
export function requireAuthorization(app: FastifyInstance, { authString, apiBasePath }: ServerSettings): void {
  if (!authString) return;
  const open = new Set([`${apiBasePath}/health`, `${apiBasePath}/ready`]);
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (path !== apiBasePath && !path.startsWith(`${apiBasePath}/`)) return;
    if (request.headers.upgrade || request.method === 'OPTIONS') return;
    if (request.method === 'GET' && open.has(path)) return;
    if (!matches(request.headers.authorization, authString)) await reply.code(401).send({ exception_message: 'Unauthorized' });
  });
}

function matches(header: string | undefined, authString: string): boolean {
  if (!header?.startsWith('Basic ')) return false;
  return sameText(Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8'), authString);
}

/** Compares two texts in a time that tells nothing about where they differ. */
export function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
