import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConcurrencyLimit, GlobalConcurrencyLimitResponse, Variable } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPlaceWithServer, type Place } from './run-prefect.ts';

let place: Place;
let says: Place['says'];
beforeAll(async () => {
  place = await aPlaceWithServer();
  says = place.says;
});
afterAll(() => place.remove());

describe('a variable', () => {
  test('is set, read, replaced when told to, listed and deleted', async () => {
    expect(await says('variable', 'ls')).toContain('No variables found.');
    expect(await says('variable', 'set', 'limits', '{"max": 3}', '--tag', 'prod')).toBe("Set variable 'limits'.\n");
    expect(await says('variable', 'get', 'limits')).toBe('{"max":3}\n');
    expect(await says('variable', 'set', 'limits', '4')).toBe(
      "1: Variable 'limits' already exists. Use --overwrite to update it.\n",
    );
    expect(await says('variable', 'set', 'limits', 'as text', '--overwrite')).toBe("Set variable 'limits'.\n");
    expect(await place.json<Variable>('variable', 'inspect', 'limits')).toMatchObject({ value: 'as text', tags: ['prod'] });
    expect(await says('variables', 'ls')).toMatch(/^limits +as text +/m);
    expect(await says('variable', 'unset', 'limits')).toBe("Unset variable 'limits'.\n");
  });

  test('that is not there, or may not be called so, is complained about', async () => {
    for (const word of ['get', 'inspect', 'unset', 'delete']) {
      expect(await says('variable', word, 'nope')).toBe(
        "1: Variable 'nope' not found.\n  See `prefect variable ls` for those there are.\n",
      );
    }
    expect(await says('variable', 'set', 'Not A Name', '1')).toMatch(/^1: .*name/);
    expect(await says('variable', 'set', 'alone')).toMatch(/^2: .*missing required argument 'value'/);
    expect(await says('variable', 'ls', '--limit', '0')).toMatch(/^2: .*must be at least 1/);
  });
});

test('the concurrency limit of a tag is set, shown, reset and deleted', async () => {
  expect(await says('concurrency-limit', 'create', 'db', '2')).toContain("Set the concurrency limit of tag 'db' to 2.\n");
  expect(await says('concurrency-limits', 'ls')).toMatch(/^db +\S+ +2 +0 +/m);
  expect(await place.json<ConcurrencyLimit>('concurrency-limit', 'inspect', 'db')).toMatchObject({
    tag: 'db',
    concurrency_limit: 2,
    active_slots: [],
  });
  expect(await says('concurrency-limit', 'reset', 'db')).toBe('Reset concurrency limit set on the tag: db\n');
  expect(await says('concurrency-limit', 'delete', 'db')).toBe('Deleted concurrency limit set on the tag: db\n');
  expect(await says('concurrency-limit', 'reset', 'db')).toContain('1: No concurrency limit found for the tag: db\n');
  expect(await says('concurrency-limit', 'create', 'db', '-1')).toMatch(/^2: /);
  expect(await says('concurrency-limit', 'create', ' ', '1')).toMatch(/^1: .*must not be empty/);
  expect(await place.json('concurrency-limit', 'ls', '--offset', '1')).toEqual([]);
});

describe('a global concurrency limit', () => {
  test('is made, changed, switched, written to a file and deleted', async () => {
    expect(await says('gcl', 'create', 'api', '--limit', '5', '--slot-decay-per-second', '0.5')).toMatch(
      /^Created global concurrency limit with name 'api' and ID '\S+'\.\n$/,
    );
    expect(await says('gcl', 'update', 'api', '--limit', '7', '--active-slots', '2', '--disable')).toBe(
      "Updated global concurrency limit with name 'api'.\n",
    );
    expect(await says('gcl', 'disable', 'api')).toBe("1: Global concurrency limit with name 'api' is already disabled.\n");
    expect(await says('gcl', 'enable', 'api')).toBe("Enabled global concurrency limit with name 'api'.\n");
    expect(await says('gcl', 'inspect', 'api', '--file', 'limit.json')).toContain('Wrote');
    const limit: GlobalConcurrencyLimitResponse = JSON.parse(readFileSync(join(place.home, 'limit.json'), 'utf8'));
    expect(limit).toMatchObject({ name: 'api', limit: 7, active: true, slot_decay_per_second: 0.5 });
    expect(await says('global-concurrency-limit', 'ls')).toMatch(/^api +\S+ +Yes +7 +/m);
    expect(await says('gcl', 'delete', 'api')).toBe("Deleted global concurrency limit with name 'api'.\n");
  });

  test('is refused where it cannot be', async () => {
    await says('gcl', 'create', 'twice', '-l', '1');
    expect(await says('gcl', 'create', 'twice', '-l', '1')).toContain("1: Global concurrency limit 'twice' already exists.");
    expect(await says('gcl', 'create', 'unlimited')).toMatch(/^2: .*'-l, --limit <n>' not specified/);
    expect(await says('gcl', 'create', 'odd', '-l', '1.5')).toMatch(/^2: .*'1.5' is not a whole number/);
    expect(await says('gcl', 'update', 'twice')).toContain('1: Nothing to update.');
    expect(await says('gcl', 'update', 'twice', '--enable', '--disable')).toMatch(/^2: --enable and --disable/);
    expect(await says('gcl', 'inspect', 'nope')).toContain("1: Global concurrency limit 'nope' not found.");
  });
});
