import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidSettingError, loadSettings, UnreadableSettingsFileError } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Settings of a folder with some files, a user's home folder beside it, and an environment. */
function load(files: Record<string, string>, env: Record<string, string> = {}, profile?: string) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return loadSettings({ env, cwd: folder, home: join(folder, 'user'), ...(profile === undefined ? {} : { profile }) });
}

const SOURCES: Record<string, string> = {
  '.env': 'PREFECT_API_URL=http://dotenv/api\n',
  'prefect.toml': '[api]\nurl = "http://prefect-toml/api"\n',
  'pyproject.toml': '[tool.prefect.api]\nurl = "http://pyproject/api"\n',
  'user/.prefect/profiles.toml': 'active = "mine"\n[profiles.mine]\nPREFECT_API_URL = "http://profile/api"\n',
};

describe('where a setting comes from', () => {
  test.each([
    ['env', { PREFECT_API_URL: 'http://env/api' }, Object.keys(SOURCES), 'http://env/api'],
    ['.env file', {}, Object.keys(SOURCES), 'http://dotenv/api'],
    ['prefect.toml', {}, ['prefect.toml', 'pyproject.toml', 'user/.prefect/profiles.toml'], 'http://prefect-toml/api'],
    ['pyproject.toml', {}, ['pyproject.toml', 'user/.prefect/profiles.toml'], 'http://pyproject/api'],
    ['profile', {}, ['user/.prefect/profiles.toml'], 'http://profile/api'],
    ['defaults', {}, [], null],
  ])('%s wins over all below it', (source, env, files, url) => {
    const settings = load(Object.fromEntries(files.map((name) => [name, SOURCES[name] ?? ''])), env);
    expect([settings.get('PREFECT_API_URL'), settings.source('PREFECT_API_URL')]).toEqual([url, source]);
  });

  test.each([
    ['an older name', { PREFECT_API_DEFAULT_LIMIT: '7' }, 7],
    ['the present name before an older one', { PREFECT_API_DEFAULT_LIMIT: '7', PREFECT_SERVER_API_DEFAULT_LIMIT: '8' }, 8],
    ['a name in small letters', { prefect_server_api_default_limit: '9' }, 9],
  ])('%s is read', (_, env, limit) => {
    expect(load({}, env).get('PREFECT_SERVER_API_DEFAULT_LIMIT')).toBe(limit);
  });

  test('an older name in the environment wins over the present one in a profile', () => {
    const profile = 'active = "p"\n[profiles.p]\nPREFECT_SERVER_API_DEFAULT_LIMIT = "5"\n';
    const settings = load({ 'user/.prefect/profiles.toml': profile }, { PREFECT_API_DEFAULT_LIMIT: '6' });
    expect(settings.get('PREFECT_SERVER_API_DEFAULT_LIMIT')).toBe(6);
  });

  test('tables of prefect.toml nest as the parts of a name, and may be the value themselves', () => {
    const toml = '[logging.to_api]\nenabled = false\n[client.custom_headers]\n"X-Team" = "data"\n';
    const settings = load({ 'prefect.toml': toml });
    expect(settings.get('PREFECT_LOGGING_TO_API_ENABLED')).toBe(false);
    expect(settings.get('PREFECT_CLIENT_CUSTOM_HEADERS')).toEqual({ 'X-Team': 'data' });
  });
});

describe('profiles', () => {
  const file =
    'active = "one"\n[profiles.one]\nPREFECT_API_URL = "http://one/api"\n[profiles.two]\nPREFECT_API_URL = "http://two/api"\n';

  test.each([
    ['the active one', {}, undefined, 'http://one/api'],
    ['that of PREFECT_PROFILE', { PREFECT_PROFILE: 'two' }, undefined, 'http://two/api'],
    ['the one asked for', { PREFECT_PROFILE: 'one' }, 'two', 'http://two/api'],
    ['one that is built in', {}, 'local', 'http://127.0.0.1:4200/api'],
  ])('%s is used', (_, env, asked, url) => {
    expect(load({ 'user/.prefect/profiles.toml': file }, env, asked).get('PREFECT_API_URL')).toBe(url);
  });

  test('are looked for where PREFECT_HOME and PREFECT_PROFILES_PATH say', () => {
    const files = { 'elsewhere/profiles.toml': file, 'third/my.toml': file.replaceAll('one', 'uno') };
    expect(load(files, { PREFECT_HOME: join(folder, 'elsewhere') }).profile).toBe('one');
    expect(load(files, { PREFECT_PROFILES_PATH: 'third/my.toml' }).profile).toBe('uno');
  });

  test('a name that is not there leaves the defaults, with a warning', () => {
    const settings = load({}, { PREFECT_PROFILE: 'nobody' });
    expect(settings.warnings).toEqual(["There is no profile 'nobody'; the defaults are used."]);
  });

  test('a setting that nobody knows is a warning', () => {
    const settings = load({ 'user/.prefect/profiles.toml': 'active = "a"\n[profiles.a]\nPREFECT_NOPE = "1"\n' });
    expect(settings.warnings).toEqual(["Setting 'PREFECT_NOPE' is not recognized; profile 'a' has it."]);
  });

  test('a file that is not TOML counts as empty, with a warning that names it', () => {
    const settings = load({ 'user/.prefect/profiles.toml': 'active = ' });
    expect(settings.profile).toBe('ephemeral');
    expect(settings.warnings[0]).toContain(join(folder, 'user/.prefect/profiles.toml'));
  });

  test('are ignored while tests run', () => {
    const settings = load({ 'user/.prefect/profiles.toml': file }, { PREFECT_TEST_MODE: 'true' });
    expect(settings.get('PREFECT_API_URL')).toBeNull();
  });
});

describe('values', () => {
  test('that are of the wrong kind are refused with name, value and place', () => {
    const settings = load({ '.env': 'PREFECT_CLIENT_MAX_RETRIES=many\n' });
    expect(() => settings.get('PREFECT_CLIENT_MAX_RETRIES')).toThrow(InvalidSettingError);
    expect(settings.problems()).toEqual(['PREFECT_CLIENT_MAX_RETRIES must be int, but .env file gives "many".']);
  });

  test('of a file that is not TOML are an error that names the file', () => {
    expect(() => load({ 'prefect.toml': '[api' })).toThrow(UnreadableSettingsFileError);
    expect(() => load({ 'prefect.toml': '[api' })).toThrow(join(folder, 'prefect.toml'));
  });

  test('that follow from others do so', () => {
    const settings = load({}, { PREFECT_API_URL: 'http://h:4200/api', PREFECT_HOME: '~/work' });
    expect(settings.get('PREFECT_UI_URL')).toBe('http://h:4200');
    expect(settings.get('PREFECT_RESULTS_LOCAL_STORAGE_PATH')).toBe(join(folder, 'user/work/storage'));
  });

  test('go to a child process as its environment', () => {
    const settings = load(
      { 'prefect.toml': '[server.events]\nretention_period = "P1D"\n' },
      { PREFECT_LOGGING_EXTRA_LOGGERS: 'a, b' },
    );
    const again = loadSettings({ env: settings.toEnvironment(), cwd: join(folder, 'user') });
    expect(again.get('PREFECT_SERVER_EVENTS_RETENTION_PERIOD')).toBe(86_400);
    expect(again.get('PREFECT_LOGGING_EXTRA_LOGGERS')).toEqual(['a', 'b']);
    expect(again.home).toBe(settings.home);
  });

  test('given by a command win over all sources', () => {
    const settings = load({}, { PREFECT_SERVER_API_PORT: '4201' }).with({
      PREFECT_SERVER_API_PORT: 0,
      PREFECT_SERVER_API_HOST: undefined,
    });
    expect([settings.get('PREFECT_SERVER_API_PORT'), settings.get('PREFECT_SERVER_API_HOST')]).toEqual([0, '127.0.0.1']);
  });
});
