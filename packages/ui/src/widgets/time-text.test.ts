import { describe, expect, it } from 'vitest';
import { formatRelative, formatSpan, millisOf } from './time-text.ts';

describe('formatSpan', () => {
  it.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [4_250, '4.2 s'],
    [59_999, '59 s'],
    [60_000, '1 m'],
    [192_000, '3 m 12 s'],
    [7_500_000, '2 h 5 m'],
    [273_600_000, '3 d 4 h'],
    [-1_500, '-1.5 s'],
  ])('%d ms reads %s', (millis, text) => expect(formatSpan(millis)).toBe(text));
});

describe('formatRelative', () => {
  it.each([
    [-1_000, 'just now'],
    [2_000, 'in a moment'],
    [-12_000, '12 s ago'],
    [200_000, 'in 3 min'],
    [-7_200_000, '2 h ago'],
    [-500_000_000, '5 d ago'],
  ])('%d ms from now reads %s', (offset, text) => expect(formatRelative(1e12 + offset, 1e12)).toBe(text));
});

describe('millisOf', () => {
  it('reads timestamps with microseconds and leaves nothing for null and nonsense', () => {
    expect(millisOf('2026-01-01T00:00:00.123456Z')).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 123));
    expect(millisOf(null)).toBeUndefined();
    expect(millisOf('soon')).toBeUndefined();
  });
});
