import { SECOND } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { resolveWindow, windowResponse } from './time-window.ts';

const NOW = 1_800_000_000 * SECOND;

describe('a window of time', () => {
  it.each([
    [{ relative: '-7d' }, -7 * 86_400, 0],
    [{ relative: '-1h' }, -3600, 0],
    [{ relative: '+30m' }, 0, 1800],
  ])('%o reaches from %d to %d seconds around now', (window, after, before) => {
    expect(resolveWindow(window, NOW)).toEqual({ after: NOW + after * SECOND, before: NOW + before * SECOND });
  });

  it('of instants is taken as it is, with open ends', () => {
    const window = resolveWindow({ after: '2027-01-15T08:00:00Z' }, NOW);
    expect(window).toEqual({ after: NOW, before: null });
    expect(windowResponse(window)).toEqual({ after: '2027-01-15T08:00:00Z', before: null });
  });

  it('that nobody asks for is open at both ends', () => {
    expect(resolveWindow(undefined, NOW)).toEqual({ after: null, before: null });
  });
});
