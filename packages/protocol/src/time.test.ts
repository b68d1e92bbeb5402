import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLabelTimestamp, formatTimestamp, normalizeTimestamp, nowMicros, parseTimestamp } from './time.ts';

describe('timestamps', () => {
  it.each([
    ['2026-11-23T11:52:55.298305Z', 1_795_434_775_298_305],
    ['2026-11-23T11:52:55Z', 1_795_434_775_000_000],
    ['2026-11-23T11:52:55.298Z', 1_795_434_775_298_000],
    ['2026-11-23T11:52:55.2Z', 1_795_434_775_200_000],
    ['2026-11-23T13:52:55.298305+02:00', 1_795_434_775_298_305],
    ['2026-11-23 11:52:55.298305+00:00', 1_795_434_775_298_305],
    ['2026-11-23T06:22:55.298305-0530', 1_795_434_775_298_305],
    ['2026-11-23T11:52:55.298305', 1_795_434_775_298_305],
    ['2026-11-23', 1_795_392_000_000_000],
    ['2026-11-23T11:52:55.2983051Z', 1_795_434_775_298_305],
  ])('of any spelling are read: %s', (text, micros) => {
    expect(parseTimestamp(text)).toBe(micros);
  });

  it.each([
    '',
    'tomorrow',
    '2026-02-30T00:00:00.000000Z',
    '2026-13-01',
    '2026-11-23T25:00:00.000000Z',
    '11:52',
    '2026-11-23T11:52:55.29x305Z',
    '2026-11-23T11:60:55.298305Z',
    '2026-11-23T11:52:55.Z',
    '2026-11-23T11:52:60.298305Z',
    '2026-02-29T11:52:55.298305Z',
    '2026-11-2xT11:52:55.298305Z',
  ])('that are none are not read: %s', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it('are written in UTC, without a fraction that is zero', () => {
    expect(formatTimestamp(1_795_434_775_298_305)).toBe('2026-11-23T11:52:55.298305Z');
    expect(formatTimestamp(1_795_434_775_000_000)).toBe('2026-11-23T11:52:55Z');
    expect(formatLabelTimestamp(1_795_434_775_298_305)).toBe('2026-11-23T11:52:55.298305+00:00');
  });

  it.each([
    ['2026-11-23T11:52:55.298305Z', '2026-11-23T11:52:55.298305Z'],
    ['2024-02-29T11:52:55.000000Z', '2024-02-29T11:52:55Z'],
    ['2026-11-23T11:52:55.298Z', '2026-11-23T11:52:55.298000Z'],
    ['2026-11-23T13:52:55.3+02:00', '2026-11-23T11:52:55.300000Z'],
    ['yesterday', undefined],
  ])('are brought to the one form: %s', (text, normal) => {
    expect(normalizeTimestamp(text)).toBe(normal);
  });

  it('are the same after they were written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), (micros) => {
        expect(parseTimestamp(formatTimestamp(micros))).toBe(micros);
      }),
    );
  });

  it('of now never come twice and never go back', () => {
    const times = Array.from({ length: 10_000 }, nowMicros);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
    expect(Math.abs((times.at(-1) ?? 0) / 1000 - Date.now())).toBeLessThan(100);
  });
});
