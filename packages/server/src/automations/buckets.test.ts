import { formatTimestamp, SECOND } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { type Bucket, onEvent, onTime } from './buckets.ts';
import { bucketingKey, covers, type EventTrigger, type TriggeringEvent } from './triggers.ts';

const START = 1_700_000_000 * SECOND;

function aTrigger(members: Partial<EventTrigger> = {}): EventTrigger {
  return {
    type: 'event',
    id: 'trigger',
    match: {},
    match_related: {},
    after: [],
    expect: ['a'],
    for_each: [],
    posture: 'Reactive',
    threshold: 1,
    within: 0,
    ...members,
  };
}

/** An event so many seconds after the start. */
function at(second: number, event = 'a', members: Partial<TriggeringEvent> = {}): TriggeringEvent {
  const time = formatTimestamp(START + second * SECOND);
  return {
    id: `${event}${second}`,
    event,
    occurred: time,
    received: time,
    resource: { 'prefect.resource.id': 'thing' },
    related: [],
    payload: {},
    follows: null,
    ...members,
  };
}

/** Shows events and moments (plain seconds) to a trigger, and tells at which of them it fired. */
function firedAt(trigger: EventTrigger, ...moments: (TriggeringEvent | number)[]): string[] {
  let bucket: Bucket | undefined;
  return moments.flatMap((moment) => {
    if (typeof moment === 'number' && !bucket) return [];
    const outcome =
      typeof moment === 'number' ? onTime(trigger, bucket as Bucket, START + moment * SECOND) : onEvent(trigger, bucket, moment);
    bucket = outcome.bucket;
    return outcome.firings.map(({ event }) => `${typeof moment === 'number' ? moment : moment.id} for ${event?.id}`);
  });
}

describe('a reactive trigger', () => {
  it('without a window fires on every expected event', () => {
    expect(firedAt(aTrigger(), at(0), at(1, 'b'), at(2))).toEqual(['a0 for a0', 'a2 for a2']);
  });

  it('without a window counts to its threshold', () => {
    expect(firedAt(aTrigger({ threshold: 3 }), at(0), at(50), at(99), at(100))).toEqual(['a99 for a99']);
  });

  it('fires as soon as the threshold is reached, and then not before the window ends', () => {
    const moments = [0, 1, 2, 3].map((second) => at(second));
    const fired = firedAt(aTrigger({ threshold: 3, within: 10 }), ...moments, at(9), at(10), at(11), at(12), at(13));
    expect(fired).toEqual(['a2 for a2', 'a12 for a12']);
  });

  it('does not count across windows', () => {
    expect(firedAt(aTrigger({ threshold: 2, within: 10 }), at(0), at(30), at(60), at(65))).toEqual(['a65 for a65']);
  });

  it('counts events that come out of order', () => {
    expect(firedAt(aTrigger({ threshold: 2, within: 10 }), at(5), at(-600))).toEqual(['a-600 for a-600']);
  });

  it('with the same event in after and expect fires on the second', () => {
    const trigger = aTrigger({ after: ['a'], within: 60 });
    expect(firedAt(trigger, at(0), at(1), at(2), at(3))).toEqual(['a1 for a1', 'a3 for a3']);
  });

  it('counts nothing before what it waits for', () => {
    const trigger = aTrigger({ after: ['start'], within: 60 });
    expect(firedAt(trigger, at(0), at(1, 'start'), at(2), at(3))).toEqual(['a2 for a2']);
  });

  it('with a window fires at once for an event beyond it', () => {
    expect(firedAt(aTrigger({ within: 10 }), at(0), at(5), at(30))).toEqual(['a0 for a0', 'a30 for a30']);
  });
});

describe('a proactive trigger', () => {
  const stuck = aTrigger({ posture: 'Proactive', after: ['pending'], expect: ['running'], within: 30 });

  it('fires when what it expects does not come', () => {
    expect(firedAt(stuck, at(0, 'pending'), 29, 30, 31)).toEqual(['30 for pending0']);
  });

  it('does not fire when it comes in time', () => {
    expect(firedAt(stuck, at(0, 'pending'), at(10, 'running'), 31)).toEqual([]);
  });

  it('is put off by every heartbeat, and ended by an event that is only expected', () => {
    const zombie = aTrigger({ posture: 'Proactive', after: ['beat'], expect: ['*'], within: 30 });
    expect(firedAt(zombie, at(0, 'beat'), at(20, 'beat'), 31, at(40, 'beat'), 69, 70)).toEqual(['70 for beat40']);
    expect(firedAt(zombie, at(0, 'beat'), at(20, 'beat'), at(25, 'done'), 60, 90)).toEqual([]);
  });
});

describe('a trigger covers events', () => {
  const labels = (match: EventTrigger['match']) => covers(aTrigger({ match }), at(0));
  it.each([
    ['foo.*', 'foo.bar', true],
    ['foo.*', 'foo.', false],
    ['foo*', 'foo', false],
    ['foo', 'foo', true],
    ['foo', 'foo.bar', false],
    ['!foo', 'bar', false],
    ['f?o.[ab]', 'fio.b', true],
  ])('by the name: %s, %s: %s', (pattern, name, covered) => {
    expect(covers(aTrigger({ expect: [pattern] }), at(0, name))).toBe(covered);
  });

  it('by labels, of which those that are absent match nothing', () => {
    expect(labels({ 'prefect.resource.id': 'th*' })).toBe(true);
    expect(labels({ 'prefect.resource.id': ['x', 'thing'] })).toBe(true);
    expect(labels({ 'prefect.resource.id': '!thing' })).toBe(false);
    expect(labels({ other: '!x' })).toBe(false);
  });

  it('by related resources, each specification by one of them', () => {
    const event = at(0, 'a', {
      related: [
        { 'prefect.resource.id': '1', 'prefect.resource.role': 'flow' },
        { 'prefect.resource.id': '2', 'prefect.resource.role': 'tag' },
      ],
    });
    const of = (match_related: EventTrigger['match_related']) => covers(aTrigger({ match_related }), event);
    expect(of([{ 'prefect.resource.id': '1' }, { 'prefect.resource.role': 'tag' }])).toBe(true);
    expect(of({ 'prefect.resource.id': '1', 'prefect.resource.role': 'tag' })).toBe(false);
    expect(covers(aTrigger({ match_related: {} }), at(0))).toBe(true);
  });

  it('apart for each combination of labels', () => {
    const event = at(0, 'a', { related: [{ 'prefect.resource.id': 'f', 'prefect.resource.role': 'flow', name: 'etl' }] });
    const trigger = aTrigger({ for_each: ['related:flow:name', 'prefect.resource.id', 'absent'] });
    expect(bucketingKey(trigger, event)).toEqual(['', 'thing', 'etl']);
  });
});
