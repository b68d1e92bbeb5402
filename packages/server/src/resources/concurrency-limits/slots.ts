import { DetailError } from '../../errors.ts';
import { clampedPoisson } from '../../orchestration/clamped-poisson.ts';
import { locked } from '../../storage/row-locks.ts';
import type { ConcurrencyLimitTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { activeSlots, averageOccupancy, deniedSlots, expectedWait } from './decay.ts';

export interface SlotRequest {
  readonly names: readonly string[];
  readonly slots: number;
  readonly mode?: 'concurrency' | 'rate_limit' | undefined;
}

/**
 * Takes slots of all limits of these names, or of none. Names without a limit limit nothing, nor do inactive limits.
 *
 * @returns the limits that exist, inactive ones included.
 * @throws DetailError 422 for a request that no wait can satisfy, and 423 with `Retry-After` when a limit is full.
 */
export async function takeSlots(unit: WorkUnit, { names, slots, mode }: SlotRequest): Promise<ConcurrencyLimitTable[]> {
  const limits = await lockLimits(unit, 'name', names);
  const active = limits.filter((limit) => limit.active === 1);
  if (active.some(({ limit }) => limit < slots)) throw new DetailError(422, 'Slots requested is greater than the limit');
  const withoutDecay = active.filter((limit) => limit.slot_decay_per_second === 0);
  if (mode === 'rate_limit' && withoutDecay.length > 0)
    throw new DetailError(
      422,
      `Only concurrency limits with slot decay can be used for rate limiting. The following limits do not have a decay configured: '${withoutDecay.map(({ name }) => name).join(',')}'`,
    );
  if (!hasRoom(unit, active, slots)) {
    const wait = clampedPoisson(expectedWait(active, slots, unit.now, unit.settings));
    throw new DetailError(423, 'Locked', { 'retry-after': String(wait) });
  }
  await addSlots(unit, active, slots);
  return limits;
}

/** Tells whether every one of these limits has so many slots free. */
export function hasRoom(unit: WorkUnit, limits: readonly ConcurrencyLimitTable[], slots: number): boolean {
  return limits.every((limit) => activeSlots(limit, unit.now) + slots <= limit.limit);
}

/** Counts slots of these limits as taken, or as given back when negative. Inactive limits count too: a slot taken before is given back. */
export async function addSlots(
  unit: WorkUnit,
  limits: readonly ConcurrencyLimitTable[],
  slots: number,
  occupancySeconds = 0,
): Promise<void> {
  for (const limit of limits)
    await unit.run(
      unit.db
        .updateTable('concurrency_limit')
        .set({
          updated: unit.now,
          active_slots: Math.max(0, activeSlots(limit, unit.now) + slots),
          denied_slots: deniedSlots(limit, unit.now, unit.settings),
          ...(occupancySeconds > 0
            ? { avg_slot_occupancy_seconds: averageOccupancy(limit, Math.abs(slots), occupancySeconds) }
            : {}),
        })
        .where('id', '=', limit.id),
    );
}

/** Limits by their names or ids, locked until the unit ends, and always in the same order so that two units never wait for each other. */
export async function lockLimits(unit: WorkUnit, by: 'name' | 'id', values: readonly string[]): Promise<ConcurrencyLimitTable[]> {
  if (values.length === 0) return [];
  return unit.all(
    locked(
      unit.db,
      unit.db.selectFrom('concurrency_limit').selectAll().where(by, 'in', values).orderBy('id'),
      'concurrency_limit',
    ),
  );
}
