import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { canonicalName, SETTING_NAMES, settingOf } from './table.ts';

test('every default is of the kind of its setting', () => {
  const known = { home: '/somewhere/.prefect', text: () => null };
  const wrong = SETTING_NAMES.filter((name) => {
    const { default: given, kind } = settingOf(name);
    const value = typeof given === 'function' ? given(known) : given;
    return value !== null && name !== 'PREFECT_TESTING_TEST_SETTING' && kind.parse(value) === undefined;
  });
  expect(wrong).toEqual([]);
});

test('no older name stands for two settings, and none is a present name', () => {
  const aliases = SETTING_NAMES.flatMap((name) => settingOf(name).aliases);
  expect(new Set(aliases).size).toBe(aliases.length);
  expect(aliases.filter((alias) => settingOf(canonicalName(alias) ?? 'PREFECT_HOME').aliases.includes(alias))).toEqual(aliases);
});

test('every setting that the API shows is in the table', () => {
  const contract: { components: { schemas: Record<string, { properties?: Record<string, { $ref?: string }> }> } } = JSON.parse(
    readFileSync(new URL('../../../protocol/openapi.json', import.meta.url), 'utf8'),
  );
  const { schemas } = contract.components;
  const namesIn = (schema: string, prefix: string): string[] =>
    Object.entries(schemas[schema]?.properties ?? {}).flatMap(([key, { $ref }]) => {
      const name = `${prefix}_${key}`.toUpperCase();
      return $ref && /Settings$/.test($ref) ? namesIn($ref.split('/').at(-1) ?? '', name) : [name];
    });
  const names = namesIn('Settings', 'PREFECT');
  expect(names.length).toBeGreaterThan(200);
  const missing = names.filter((name) => !canonicalName(name) && !name.startsWith('PREFECT_CLOUD_'));
  expect(missing).toEqual([]);
});
