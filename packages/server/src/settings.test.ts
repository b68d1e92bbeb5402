import { describe, expect, it } from 'vitest';
import { readServerSettings } from './settings.ts';

describe('what is cleaned up', () => {
  it.each([
    [undefined, true, false],
    ['events', true, false],
    ['events,flow_runs', true, true],
    ['flow_runs', false, true],
    ['true', true, true],
    ['false', true, false],
    ['none', false, false],
  ])('by %s: events %s, runs %s', (text, events, runs) => {
    const { eventRetention, runRetention } = readServerSettings({ PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED: text });
    expect([eventRetention.enabled, runRetention.enabled]).toEqual([events, runs]);
  });

  it('has to be known', () => {
    expect(() => readServerSettings({ PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED: 'event' })).toThrow(/names "event"/);
  });

  it('is never what ended within the hour, and no lines of log unless it is said', () => {
    const { runRetention, logRetention } = readServerSettings({ PREFECT_API_SERVICES_DB_VACUUM_RETENTION_PERIOD: '60' });
    expect([runRetention.seconds, logRetention.seconds]).toEqual([3600, null]);
  });
});

describe('the database', () => {
  const urlOf = (environment: Record<string, string>) => readServerSettings(environment).databaseUrl;

  it('is put together from its parts', () => {
    const parts = { HOST: 'db', USER: 'me', NAME: 'prefect', DRIVER: 'postgresql+asyncpg', PASSWORD: 'a/b' };
    const environment = Object.fromEntries(Object.entries(parts).map(([key, value]) => [`PREFECT_API_DATABASE_${key}`, value]));
    expect(urlOf(environment)).toBe('postgresql://me:a%2Fb@db:5432/prefect');
    expect(() => urlOf({ ...environment, PREFECT_API_DATABASE_HOST: '' })).toThrow(
      'Missing required database connection settings: host',
    );
  });

  it('has its password where its URL says so', () => {
    const url = ['postgresql://me:$', '{PREFECT_API_DATABASE_PASSWORD}@db/prefect'].join('');
    const environment = { PREFECT_SERVER_DATABASE_CONNECTION_URL: url };
    expect(urlOf({ ...environment, PREFECT_SERVER_DATABASE_PASSWORD: 'p w' })).toBe('postgresql://me:p%20w@db/prefect');
    expect(() => urlOf(environment)).toThrow('database password is None');
  });
});

it.each([
  ['/', '/api', '/', '/api'],
  ['/tools/', 'tools/api/', '/tools/', '/tools/api'],
])('paths %s and %s read as %s and %s', (base, api, uiBasePath, apiBasePath) => {
  const settings = readServerSettings({ PREFECT_UI_SERVE_BASE: base, PREFECT_SERVER_API_BASE_PATH: api });
  expect([settings.uiBasePath, settings.apiBasePath]).toEqual([uiBasePath, apiBasePath]);
});
