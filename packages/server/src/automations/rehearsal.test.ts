import { formatTimestamp, SECOND, uuid7 } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { Rehearsal } from './rehearsal.ts';
import type { EventTrigger, Trigger, TriggeringEvent } from './triggers.ts';

const START = 1_700_000_000 * SECOND;

const aTrigger = (members: Partial<EventTrigger> = {}): EventTrigger => ({
  type: 'event',
  id: crypto.randomUUID(),
  match: {},
  match_related: {},
  after: [],
  expect: ['beat'],
  for_each: [],
  posture: 'Reactive',
  threshold: 1,
  within: 0,
  ...members,
});

const anEvent = (seconds: number, event = 'beat', id = 'thing.1'): TriggeringEvent => ({
  id: uuid7(),
  event,
  occurred: formatTimestamp(START + seconds * SECOND),
  received: formatTimestamp(START + seconds * SECOND),
  resource: { 'prefect.resource.id': id },
  related: [],
  payload: {},
  follows: null,
});

/** When a trigger fires, in seconds from the start. */
function firedAt(trigger: Trigger, events: readonly TriggeringEvent[], until: number): number[] {
  const rehearsal = new Rehearsal(trigger, { since: START, expiredBucketSeconds: 60, mostFirings: 1000 });
  for (const event of events) rehearsal.show(event);
  rehearsal.passTime(START + until * SECOND);
  return rehearsal.firings.map(({ triggered }) => Math.round((Date.parse(triggered) * 1000 - START) / SECOND));
}

describe('a rehearsal', () => {
  it('fires a reactive trigger once in a window', () => {
    const beats = [0, 1, 2, 3, 11, 12, 13].map((seconds) => anEvent(seconds));
    expect(firedAt(aTrigger({ threshold: 3, within: 10 }), beats, 100)).toEqual([2, 13]);
  });

  it('forgets a window that is long over', () => {
    const beats = [0, 200].map((seconds) => anEvent(seconds));
    expect(firedAt(aTrigger({ threshold: 2, within: 0 }), beats, 300)).toEqual([]);
    expect(firedAt(aTrigger({ threshold: 2, within: 0 }), [anEvent(0), anEvent(30)], 300)).toEqual([30]);
  });

  it('notices each silence when nothing stands between them', () => {
    expect(firedAt(aTrigger({ posture: 'Proactive', within: 30 }), [anEvent(40)], 100)).toEqual([30, 90]);
  });

  it('notices whose heartbeats stop, and when', () => {
    const trigger = aTrigger({ posture: 'Proactive', within: 30, after: ['beat'], for_each: ['prefect.resource.id'] });
    const events = [anEvent(0, 'beat', 'a'), anEvent(5, 'beat', 'b'), anEvent(20, 'beat', 'a'), anEvent(40, 'beat', 'a')];
    expect(firedAt(trigger, events, 100)).toEqual([35, 70]);
  });

  it('knows compounds and sequences', () => {
    const children = [aTrigger({ expect: ['a'] }), aTrigger({ expect: ['b'] })];
    const composite = { id: crypto.randomUUID(), triggers: children, within: 60 };
    const events = [anEvent(0, 'b'), anEvent(1, 'a'), anEvent(2, 'b')];
    expect(firedAt({ type: 'sequence', ...composite }, events, 100)).toEqual([2]);
    expect(firedAt({ type: 'compound', require: 'all', ...composite }, events, 100)).toEqual([1]);
  });

  it('ends when it has seen enough', () => {
    const rehearsal = new Rehearsal(aTrigger({ posture: 'Proactive', within: 10 }), {
      since: START,
      expiredBucketSeconds: 60,
      mostFirings: 5,
    });
    rehearsal.passTime(START + 1e6 * SECOND);
    expect([rehearsal.isOver, rehearsal.firings.length]).toEqual([true, 5]);
  });
});
