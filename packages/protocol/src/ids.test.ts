import { expect, it } from 'vitest';
import { isUuid, uuid4, uuid7 } from './ids.ts';

it('makes ids of version 7 that sort by their time', () => {
  const ids = [1, 1_700_000_000_000, 1_800_000_000_000].map((time) => uuid7(time));
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuid7(1_700_000_000_000).slice(0, 13).replace('-', '')).toBe((1_700_000_000_000).toString(16).padStart(12, '0'));
});

it('tells ids from other texts', () => {
  expect(isUuid(uuid4())).toBe(true);
  expect(isUuid(uuid4().toUpperCase())).toBe(true);
  expect(isUuid(uuid4().replaceAll('-', ''))).toBe(false);
  expect(isUuid('')).toBe(false);
});
