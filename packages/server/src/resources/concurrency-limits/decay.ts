import { type Micros, SECOND } from '@prefect-ts/protocol';
import type { ConcurrencyLimitTable } from '../../storage/tables.ts';

type Decaying = Pick<
  ConcurrencyLimitTable,
  'name' | 'limit' | 'active_slots' | 'denied_slots' | 'slot_decay_per_second' | 'avg_slot_occupancy_seconds' | 'updated'
>;

/** The longest that a caller is told to wait for a slot, in seconds. */
export interface LongestWaits {
  readonly tagSlotWaitSeconds: number;
  readonly maxSlotWaitSeconds: number;
}

const SHORTEST_OCCUPANCY = 0.1;

/** Slots in use at `now`: those of a limit with decay come back by themselves. Contract: orchestration 16.2. */
export function activeSlots(limit: Decaying, now: Micros): number {
  return Math.max(0, limit.active_slots - Math.floor(limit.slot_decay_per_second * secondsSinceWrite(limit, now)));
}

/** Slots that were asked for in vain and probably still are. */
export function deniedSlots(limit: Decaying, now: Micros, waits: LongestWaits): number {
  const occupancy = Math.max(SHORTEST_OCCUPANCY, Math.min(limit.avg_slot_occupancy_seconds, longestWait(limit, waits)));
  const rate = limit.slot_decay_per_second > 0 ? limit.slot_decay_per_second : 1 / occupancy;
  return Math.max(0, limit.denied_slots - Math.floor(rate * secondsSinceWrite(limit, now)));
}

/** Seconds that whoever is refused `slots` should wait on average, by the limit that holds longest. Contract: orchestration 16.4. */
export function expectedWait(limits: readonly Decaying[], slots: number, now: Micros, waits: LongestWaits): number {
  const wanted = limits.map((limit) => {
    const claims = slots + deniedSlots(limit, now, waits);
    return { limit, claims: limit.slot_decay_per_second > 0 ? claims : claims / limit.limit };
  });
  const [first, ...others] = wanted;
  if (!first) return 0;
  const { limit, claims } = others.reduce((worst, other) => (other.claims > worst.claims ? other : worst), first);
  if (limit.slot_decay_per_second > 0) return claims / limit.slot_decay_per_second;
  const longest = longestWait(limit, waits);
  return Math.min(Math.min(limit.avg_slot_occupancy_seconds, longest) * claims, longest);
}

/** How long slots of a limit are held on average, once `slots` of them were held for `seconds`. */
export function averageOccupancy(
  { avg_slot_occupancy_seconds: average, limit }: Decaying,
  slots: number,
  seconds: number,
): number {
  if (limit === 0) return average;
  return average + (Math.max(seconds / slots, SHORTEST_OCCUPANCY) - average) / (2 * limit);
}

function longestWait({ name }: Decaying, { tagSlotWaitSeconds, maxSlotWaitSeconds }: LongestWaits): number {
  return name.startsWith('tag:') ? tagSlotWaitSeconds : maxSlotWaitSeconds;
}

function secondsSinceWrite({ updated }: Decaying, now: Micros): number {
  return Math.max(0, now - updated) / SECOND;
}
