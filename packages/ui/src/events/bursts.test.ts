import type { ReceivedEvent } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { FOLD_FROM, gatherBursts } from './bursts.ts';
import { describeResource } from './resources.ts';

const events = (...names: string[]) =>
  names.map((event, index): ReceivedEvent => {
    const at = '2026-01-01T00:00:00Z';
    return { id: String(index), event, occurred: at, received: at, follows: null, payload: {}, related: [], resource: {} };
  });

describe('bursts', () => {
  it('fold events in a row with the same name, from four on', () => {
    const beats = Array.from({ length: FOLD_FROM }, () => 'beat');
    const bursts = gatherBursts(events('a', ...beats, 'b', 'b', ...beats.slice(1)));
    expect(bursts.map(({ events: members }) => members.length)).toEqual([1, 4, 1, 1, 1, 1, 1]);
  });

  it('keep their identity while they grow at the top', () => {
    const [burst] = gatherBursts(events(...Array.from({ length: 9 }, () => 'beat')));
    expect(burst?.id).toBe('8');
  });
});

describe('a resource', () => {
  it.each([
    [{ 'prefect.resource.id': 'prefect.flow-run.1', 'prefect.resource.name': 'calm-otter' }, 'Flow run', 'calm-otter', true],
    [{ 'prefect.resource.id': 'prefect.work-pool.1' }, 'Work pool', '1', false],
    [{ 'prefect.resource.id': 'acme.shop', 'prefect.name': 'Shop' }, 'Resource', 'Shop', false],
    [{ 'prefect.resource.id': 'prefect.constructor.1' }, 'Resource', 'prefect.constructor.1', false],
    [{}, 'Resource', '', false],
  ])('%j is described', (labels: Record<string, string>, words, name, linked) => {
    const described = describeResource(labels);
    expect(described).toMatchObject({ words, name });
    expect(described.link !== undefined).toBe(linked);
  });
});
