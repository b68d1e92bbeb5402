import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPlace, type Place } from './run-prefect.ts';

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(() => place.remove());

test('config set writes to the active profile, and config view tells where a value comes from', async () => {
  const set = await place.run('config', 'set', 'PREFECT_API_URL=http://h/api', 'PREFECT_API_KEY=s3cret');
  expect(set.stdout).toContain("Set 'PREFECT_API_URL' to 'http://h/api'.\n");
  expect(set.stdout).toContain("Updated profile 'ephemeral'.\n");
  place.env.PREFECT_CLIENT_MAX_RETRIES = '2';
  const { stdout } = await place.run('config', 'view');
  expect(stdout).toContain("you are connected to:\nhttp://h\nPREFECT_PROFILE='ephemeral'\n");
  expect(stdout).toContain("PREFECT_API_KEY='********' (from profile)\n");
  expect(stdout).toContain("PREFECT_CLIENT_MAX_RETRIES='2' (from env)\n");
  expect((await place.run('config', 'view', '--show-secrets', '--hide-sources')).stdout).toContain("PREFECT_API_KEY='s3cret'\n");
  expect(await place.json('config', 'view')).toMatchObject({ PREFECT_API_URL: 'http://h/api', PREFECT_API_KEY: '********' });
});

test.each([
  ['an unknown name', 'NOPE=1', "Unknown setting name 'NOPE'."],
  ['no value', 'PREFECT_API_URL', "Failed to parse argument 'PREFECT_API_URL'. Use the format 'VAR=VAL'."],
  ['a value of the wrong kind', 'PREFECT_CLIENT_MAX_RETRIES=many', "PREFECT_CLIENT_MAX_RETRIES must be int, but 'many' is not."],
  ['the home folder', 'PREFECT_HOME=/x', 'PREFECT_HOME cannot be set in a profile'],
])('config set refuses %s and changes nothing', async (_, word, said) => {
  await place.run('config', 'set', 'PREFECT_LOGGING_LEVEL=DEBUG');
  const before = readFileSync(join(place.home, 'profiles.toml'), 'utf8');
  const { code, stderr } = await place.run('config', 'set', word);
  expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
  expect(readFileSync(join(place.home, 'profiles.toml'), 'utf8')).toBe(before);
});

test('config set warns where the environment wins', async () => {
  place.env.PREFECT_API_URL = 'http://env/api';
  expect((await place.run('config', 'set', 'PREFECT_API_URL=http://h/api')).stderr).toContain('the environment, which wins');
});

test('config unset removes what is there and refuses what is not', async () => {
  await place.run('config', 'set', 'PREFECT_LOGGING_LEVEL=DEBUG');
  expect((await place.run('config', 'unset', 'PREFECT_LOGGING_LEVEL', '-y')).stdout).toContain("Unset 'PREFECT_LOGGING_LEVEL'.");
  const again = await place.run('config', 'unset', 'PREFECT_LOGGING_LEVEL', '-y');
  expect([again.code, again.stderr]).toEqual([1, "'PREFECT_LOGGING_LEVEL' is not set in profile 'ephemeral'.\n"]);
});

test('config validate gives older names their present ones', async () => {
  const path = join(place.home, 'profiles.toml');
  writeFileSync(path, 'active = "a"\n[profiles.a]\nPREFECT_API_DEFAULT_LIMIT = "5"\n');
  expect((await place.run('config', 'validate')).stdout).toContain('Configuration valid!');
  expect(readFileSync(path, 'utf8')).toContain('PREFECT_SERVER_API_DEFAULT_LIMIT = "5"');
});

test('profiles are made, used, renamed and deleted', async () => {
  const says = async (...args: string[]) => {
    const { code, stdout, stderr } = await place.run('profile', ...args);
    return code === 0 ? stdout : `${code}: ${stderr}`;
  };
  expect(await says('create', 'staging', '--from', 'local')).toContain("Created profile 'staging' from 'local'.");
  expect(await says('create', 'staging')).toContain("1: Profile 'staging' already exists.");
  expect(await says('use', 'nobody')).toContain("1: Profile 'nobody' not found.");
  expect(await says('use', 'staging')).toContain("Profile 'staging' is now active.");
  expect(await says('inspect')).toBe("PREFECT_API_URL='http://127.0.0.1:4200/api'\n");
  expect(await says('delete', 'staging')).toContain("1: Profile 'staging' is the active profile.");
  expect(await says('rename', 'staging', 'production')).toContain("Renamed profile 'staging' to 'production'.");
  expect(await says('ls')).toContain('* production\n');
  await says('use', 'local');
  expect(await says('delete', 'production')).toContain("Removed profile 'production'.");
  expect(await place.json('profile', 'ls')).toContainEqual({ name: 'local', active: true });
});

test('a broken file of profiles is named and never overwritten', async () => {
  writeFileSync(join(place.home, 'profiles.toml'), 'active = ');
  const { code, stderr } = await place.run('profile', 'create', 'x');
  expect([code, stderr]).toEqual([1, expect.stringContaining('is not valid TOML')]);
  expect(readFileSync(join(place.home, 'profiles.toml'), 'utf8')).toBe('active = ');
});
