import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { profileNames, profileOf, readProfiles, withoutProfile, withProfile, writeProfiles } from './profiles.ts';

function profilesPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'not', 'yet', 'profiles.toml');
}

test('what is written is read again, by its owner only', () => {
  const path = profilesPath();
  const file = withProfile({ active: 'a b', profiles: [] }, { name: 'a b', settings: { PREFECT_API_URL: 'http://x/"y"' } });
  writeProfiles(path, file);
  expect(readProfiles(path)).toEqual(file);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a profile of the user lies over the built-in one of that name, until it is removed', () => {
  const changed = withProfile({ active: undefined, profiles: [] }, { name: 'local', settings: { PREFECT_API_KEY: 'k' } });
  expect(profileOf(changed, 'local')?.settings).toEqual({ PREFECT_API_URL: 'http://127.0.0.1:4200/api', PREFECT_API_KEY: 'k' });
  expect(profileOf(withoutProfile(changed, 'local'), 'local')?.settings).toEqual({
    PREFECT_API_URL: 'http://127.0.0.1:4200/api',
  });
  expect(profileNames(changed)).toEqual(['ephemeral', 'local', 'test']);
});
