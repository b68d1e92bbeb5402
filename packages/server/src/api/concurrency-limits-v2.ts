import { DetailError } from '../errors.ts';
import { createLease, releaseLease, renewLease } from '../resources/concurrency-limits/leases.ts';
import {
  type ConcurrencyLimitChanges,
  createLimit,
  deleteLimit,
  limitResponse,
  minimalLimit,
  selectLimit,
  storedLimitResponse,
  updateLimit,
} from '../resources/concurrency-limits/limits.ts';
import { addSlots, lockLimits, takeSlots } from '../resources/concurrency-limits/slots.ts';
import { IntegrityError } from '../storage/errors.ts';
import { limitOf } from './limits.ts';
import type { Routes } from './route.ts';

const DEFAULT_LEASE_SECONDS = 300;

export const concurrencyLimitV2Routes: Routes = {
  'POST /v2/concurrency_limits/': async ({ body }, core) =>
    storedLimitResponse(await core.write((unit) => createLimit(unit, body))),

  'GET /v2/concurrency_limits/{id_or_name}': async ({ path }, core) => {
    const row = await core.read.first(selectLimit(core.storage.builder, path.id_or_name));
    if (!row) throw notFound();
    return limitResponse(row, core.clock());
  },

  'POST /v2/concurrency_limits/filter': async ({ body }, core) => {
    const rows = await core.scan.all(
      core.storage.builder
        .selectFrom('concurrency_limit')
        .selectAll()
        .orderBy('name')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    const now = core.clock();
    return rows.map((row) => limitResponse(row, now));
  },

  'PATCH /v2/concurrency_limits/{id_or_name}': async ({ path, body, sent }, core) => {
    const changes = changesOf(body, sent);
    const changed = await core.write((unit) => updateLimit(unit, path.id_or_name, changes));
    if (!changed) throw notFound();
    return undefined;
  },

  'DELETE /v2/concurrency_limits/{id_or_name}': async ({ path }, core) => {
    if (!(await core.write((unit) => deleteLimit(unit, path.id_or_name)))) throw notFound();
    return undefined;
  },

  'POST /v2/concurrency_limits/increment': async ({ body }, core) => {
    const limits = await core.write((unit) => takeSlots(unit, body));
    return limits.map(minimalLimit);
  },

  'POST /v2/concurrency_limits/increment-with-lease': ({ body }, core) =>
    core.write(async (unit) => {
      const limits = await takeSlots(unit, body);
      const lease_id = await createLease(unit, {
        limitIds: limits.filter(({ active }) => active === 1).map(({ id }) => id),
        slots: body.slots,
        seconds: body.lease_duration ?? DEFAULT_LEASE_SECONDS,
        holder: body.holder ?? null,
      });
      return { lease_id, limits: limits.map(minimalLimit) };
    }),

  'POST /v2/concurrency_limits/decrement': ({ body }, core) =>
    core.write(async (unit) => {
      const limits = await lockLimits(unit, 'name', body.names);
      const active = limits.filter((limit) => limit.active === 1);
      await addSlots(unit, active, -body.slots, body.occupancy_seconds ?? 0);
      return limits.map(minimalLimit);
    }),

  'POST /v2/concurrency_limits/decrement-with-lease': async ({ body }, core) => {
    await core.write((unit) => releaseLease(unit, body.lease_id));
    return undefined;
  },

  'POST /v2/concurrency_limits/leases/{lease_id}/renew': async ({ path, body }, core) => {
    const seconds = body?.lease_duration ?? DEFAULT_LEASE_SECONDS;
    const renewed = await core.write((unit) => renewLease(unit, path.lease_id, seconds));
    if (!renewed) throw new DetailError(410, 'Lease not found - it may have expired or been revoked');
    return undefined;
  },
};

type Members = { readonly [Name in keyof ConcurrencyLimitChanges]: ConcurrencyLimitChanges[Name] | boolean | null | undefined };

/** The members that were sent; none of them can be null. */
function changesOf(body: Members, sent: (member: string) => boolean): ConcurrencyLimitChanges {
  const entries = Object.entries(body).filter(([name]) => sent(name));
  if (entries.some(([, value]) => value === null)) throw new IntegrityError('No member of a concurrency limit can be null.');
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'boolean' ? Number(value) : value]));
}

function notFound(): DetailError {
  return new DetailError(404, 'Concurrency Limit not found');
}
