import { describe, expect, it, test } from 'vitest';
import type { Schedule } from '../../schedules/index.ts';
import { planSchedules } from './patch-schedules.ts';

const daily: Schedule = { cron: '0 0 * * *', timezone: 'UTC', day_or: true };
const hourly: Schedule = { interval: 3600, anchor_date: '2026-01-01T00:00:00Z', timezone: 'UTC' };
const a = { id: 'id-a', slug: 'a' };
const b = { id: 'id-b', slug: 'b' };
const nameless = { id: 'id-nameless', slug: null };

describe('schedules of which one has no slug', () => {
  test.each([
    ['none', []],
    ['one', [nameless]],
    ['one beside one with a slug', [a, nameless]],
  ])('are replaced by those that are given, %s', (_, known) => {
    expect(planSchedules(known, [{ schedule: daily }, { slug: 'x', schedule: hourly }])).toEqual({
      kind: 'replace',
      schedules: [{ schedule: daily }, { slug: 'x', schedule: hourly }],
    });
  });

  it('are not replaced by what is no schedule', () => {
    expect(planSchedules([nameless], [{ active: false }])).toEqual({ kind: 'replace', schedules: [] });
  });
});

describe('schedules that all have slugs', () => {
  test.each([
    ['an empty list deletes nothing', [], [], []],
    ['one that is named is changed, the others stay', [{ slug: 'a', active: false }], ['id-a'], []],
    ['an unknown one is made', [{ slug: 'c', schedule: daily }], [], ['c']],
    ['one takes the place of another', [{ slug: 'c', replaces: 'a' }], ['id-a'], []],
    ['one that replaces what is not there is made', [{ slug: 'c', replaces: 'z', schedule: daily }], [], ['c']],
    [
      'two may swap their slugs',
      [
        { slug: 'a', replaces: 'b' },
        { slug: 'b', replaces: 'a' },
      ],
      ['id-b', 'id-a'],
      [],
    ],
    [
      'a slug that another schedule gives up is free for a new one',
      [
        { slug: 'a', schedule: daily },
        { slug: 'c', replaces: 'a' },
      ],
      ['id-a'],
      ['a'],
    ],
  ])('%s', (_, wanted, patched, created) => {
    const plan = planSchedules([a, b], wanted);
    if (plan.kind !== 'adjust') throw new Error('they were replaced');
    expect(plan.patched.map(({ id }) => id)).toEqual(patched);
    expect(plan.created.map(({ slug }) => slug)).toEqual(created);
  });

  test.each([
    [
      'without a slug on each',
      [{ slug: 'a' }, { schedule: daily }],
      'Please provide a slug for each schedule in your request to ensure schedules are updated correctly.',
    ],
    [
      'with a new slug and no schedule',
      [{ slug: 'c', active: true }],
      'Unable to create new deployment schedules without a schedule configuration.',
    ],
    [
      'with two that replace the same',
      [
        { slug: 'c', replaces: 'a' },
        { slug: 'd', replaces: 'a' },
      ],
      "Multiple schedules have 'replaces' targeting the same slug: a",
    ],
    [
      'with a slug that is taken',
      [{ slug: 'b', replaces: 'a' }],
      "Cannot rename schedule from 'a' to 'b': a schedule with slug 'b' already exists.",
    ],
  ])('are refused %s', (_, wanted, detail) => {
    expect(() => planSchedules([a, b], wanted)).toThrow(expect.objectContaining({ status: 422, body: { detail } }));
  });
});
