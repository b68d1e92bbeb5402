import { formatTimestamp, SECOND } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { type Firing, onChildFiring } from './composites.ts';
import type { CompositeTrigger, EventTrigger } from './triggers.ts';

const child = (id: string): EventTrigger => ({
  type: 'event',
  id,
  match: {},
  match_related: {},
  after: [],
  expect: [],
  for_each: [],
  posture: 'Reactive',
  threshold: 1,
  within: 0,
});

const triggers = [child('A'), child('B'), child('C')];
const compound = (require: number | 'any' | 'all', within: number | null = 60): CompositeTrigger => ({
  type: 'compound',
  id: 'parent',
  triggers,
  within,
  require,
});
const sequence: CompositeTrigger = { type: 'sequence', id: 'parent', triggers: triggers.slice(0, 2), within: 60 };

/** Shows firings such as `A3` (trigger A at second 3) to a composite, and tells which firings made it fire. */
function fires(composite: CompositeTrigger, ...firings: string[]): string[] {
  let stored: readonly Firing[] = [];
  return firings.flatMap((id) => {
    const firing: Firing = {
      id,
      trigger: child(id.slice(0, 1)),
      trigger_states: ['Triggered'],
      triggered: formatTimestamp(1_700_000_000 * SECOND + Number(id.slice(1)) * SECOND),
      triggering_labels: {},
      triggering_firings: [],
      triggering_event: null,
      triggering_value: null,
    };
    const outcome = onChildFiring(composite, stored, firing);
    stored = outcome.kept;
    return outcome.fires ? [outcome.fires.map((each) => each.id).join(' ')] : [];
  });
}

describe('a compound', () => {
  it('of all fires with the latest firing of each', () => {
    expect(fires(compound('all'), 'A0', 'A1', 'B2', 'C3', 'C4')).toEqual(['A1 B2 C3']);
  });
  it('of some fires with that many', () => {
    expect(fires(compound(2), 'A0', 'A1', 'B2', 'C3', 'B4')).toEqual(['A1 B2', 'C3 B4']);
  });
  it.each(['any', 1] as const)('of %s fires every time', (require) => {
    expect(fires(compound(require), 'A0', 'A1', 'B2')).toEqual(['A0', 'A1', 'B2']);
  });
  it('forgets firings that are too long ago', () => {
    expect(fires(compound(2, 10), 'A0', 'B11', 'A12')).toEqual(['B11 A12']);
    expect(fires(compound(2, null), 'A0', 'B9999')).toEqual(['A0 B9999']);
  });
});

describe('a sequence', () => {
  it('fires when the latest firings are in its order', () => {
    expect(fires(sequence, 'B0', 'A1', 'B2')).toEqual(['A1 B2']);
    expect(fires(sequence, 'A0', 'B1')).toEqual(['A0 B1']);
    expect(fires(sequence, 'B0', 'A1')).toEqual([]);
  });
});
