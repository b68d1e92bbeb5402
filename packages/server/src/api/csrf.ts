import { randomBytes } from 'node:crypto';
import { type CsrfToken, formatTimestamp, SECOND, uuid4 } from '@prefect-ts/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { sameText } from './authorization.ts';
import type { Routes } from './route.ts';

/** Tokens that a page of another origin cannot have. */
export const csrfRoutes: Routes = {
  'GET /csrf-token': async ({ query }, core): Promise<CsrfToken> => {
    const { csrf } = core.settings;
    if (!csrf.enabled) throw new DetailError(422, 'CSRF protection is disabled.');
    const row = await core.write(async (unit) => {
      await unit.run(unit.db.deleteFrom('csrf_token').where('expiration', '<', unit.now));
      const token = randomBytes(32).toString('hex');
      const expiration = unit.now + csrf.tokenSeconds * SECOND;
      const wanted = { id: uuid4(), created: unit.now, updated: unit.now, client: query.client, token, expiration };
      const stored = await unit.first(
        unit.db
          .insertInto('csrf_token')
          .values(wanted)
          .onConflict((conflict) => conflict.column('client').doUpdateSet({ token, expiration, updated: unit.now }))
          .returningAll(),
      );
      return stored ?? wanted;
    });
    return {
      id: row.id,
      created: formatTimestamp(row.created),
      updated: formatTimestamp(row.updated),
      client: row.client,
      token: row.token,
      expiration: formatTimestamp(row.expiration),
    };
  },
};

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Refuses every change that does not carry its client's token, before anything else is looked at. */
export function requireCsrfToken(app: FastifyInstance, core: Core): void {
  if (!core.settings.csrf.enabled) return;
  app.addHook('onRequest', async (request, reply) => {
    if (!CHANGES.has(request.method)) return;
    const token = headerOf(request, 'prefect-csrf-token');
    if (!token) return reply.code(403).send({ detail: 'Missing CSRF token.' });
    const client = headerOf(request, 'prefect-csrf-client');
    if (!client) return reply.code(403).send({ detail: 'Missing client identifier.' });
    if (await isTokenOf(core, client, token)) return;
    return reply
      .code(403)
      .header('access-control-allow-origin', '*')
      .send({ detail: 'Invalid CSRF token or client identifier.' });
  });
}

async function isTokenOf(core: Core, client: string, token: string): Promise<boolean> {
  const row = await core.read.first(
    core.storage.builder
      .selectFrom('csrf_token')
      .select('token')
      .where('client', '=', client)
      .where('expiration', '>', core.clock()),
  );
  return row !== undefined && sameText(token, row.token);
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
