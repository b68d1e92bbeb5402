import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPlace, outcomeOf, type Place, printed } from './run-prefect.ts';

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(async () => {
  await place.run('server', 'stop');
  place.remove();
});

test('a server in the background answers, is there once, and stops', async () => {
  const started = await place.run('server', 'start', '-b', '--port', '0');
  expect(started).toMatchObject({ code: 0, stderr: '' });
  const apiUrl = /http:\S+\/api/.exec(started.stdout)?.[0] ?? '';
  place.env.PREFECT_API_URL = apiUrl;
  expect(await place.json('server', 'status')).toMatchObject({ status: 'available', api_url: apiUrl });
  const second = await place.run('server', 'start', '-b', '--port', '0');
  expect([second.code, second.stderr]).toEqual([
    1,
    expect.stringMatching(/^A server is already running in the background \(PID \d+\)\./),
  ]);
  const taken = await place.run('server', 'start', '--port', new URL(apiUrl).port);
  expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining('is in use')]);
  expect((await place.run('server', 'stop')).stdout).toBe('Server stopped!\n');
  expect((await place.run('server', 'stop')).stdout).toBe('No server running in the background.\n');
  const status = await place.run('server', 'status');
  expect([status.code, status.stderr]).toEqual([1, expect.stringContaining('Server is not available')]);
});

test('a server in the foreground ends in order on SIGTERM', async () => {
  const server = place.start('server', 'start', '--port', '0');
  const ended = outcomeOf(server);
  expect(await printed(server, /prefect config set PREFECT_API_URL=\S+\n/)).toContain('is ready.');
  expect(existsSync(join(place.home, 'server.pid'))).toBe(true);
  server.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Server stopped!') });
  expect(existsSync(join(place.home, 'server.pid'))).toBe(false);
});

test('status --wait returns when the server comes up', async () => {
  const first = await place.run('server', 'start', '-b', '--port', '0');
  const apiUrl = /http:\S+\/api/.exec(first.stdout)?.[0] ?? '';
  await place.run('server', 'stop');
  place.env.PREFECT_API_URL = apiUrl;
  const waiting = place.start('server', 'status', '--wait', '--timeout', '20');
  const ended = outcomeOf(waiting);
  await printed(waiting, /Connecting/);
  await place.run('server', 'start', '-b', '--port', new URL(apiUrl).port);
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Server is available.') });
});

test('a home that cannot be written is named, with what to do', async () => {
  writeFileSync(join(place.home, 'file'), '');
  place.env.PREFECT_HOME = join(place.home, 'file', 'home');
  for (const args of [[], ['-b']]) {
    const { code, stderr } = await place.run('server', 'start', '--port', '0', ...args);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^The folder \S+ cannot be written: .*\n {2}Set PREFECT_HOME to a folder of yours\.\n$/),
    ]);
  }
  place.env.PREFECT_HOME = place.home;
});

test('a setting of the wrong kind keeps the server from starting', async () => {
  place.env.PREFECT_SERVER_API_PORT = 'http';
  const { code, stderr } = await place.run('server', 'start');
  expect([code, stderr]).toEqual([
    1,
    'PREFECT_SERVER_API_PORT must be int, but the environment gives "http".\n  Nothing was started.\n',
  ]);
});

test('several processes on SQLite are refused', async () => {
  const child = place.start('server', 'start', '--workers', '2');
  child.stderr?.resume();
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
});

test('the database is upgraded and emptied while no server uses it', async () => {
  expect((await place.run('server', 'database', 'upgrade', '--dry-run')).stdout).toMatch(/would go from version 0 to \d+\.\n$/);
  expect((await place.run('server', 'database', 'upgrade', '-y')).stdout).toMatch(/went from version 0 to \d+\.\n$/);
  expect((await place.run('server', 'database', 'upgrade')).stdout).toMatch(/is at version \d+, the newest\.\n$/);
  await place.run('server', 'start', '-b', '--port', '0');
  const refused = await place.run('server', 'database', 'reset', '-y');
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^A server uses the database \(PID \d+\)\.\n/)]);
  await place.run('server', 'stop');
  expect(await place.run('server', 'database', 'reset', '-y')).toMatchObject({ code: 0, stdout: 'The database is empty.\n' });
});

test('services are listed, and run apart from a server', async () => {
  place.env.PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED = 'false';
  expect(await place.json('server', 'services', 'ls')).toEqual(
    expect.arrayContaining([
      { name: 'scheduler', every_seconds: 60 },
      { name: 'late-runs', every_seconds: null },
    ]),
  );
  const services = place.start('server', 'services', 'start');
  const ended = outcomeOf(services);
  await printed(services, /Services are running/);
  services.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Services stopped!') });
  expect(await place.says('server', 'services', 'start', '-b')).toMatch(/^Services run in the background \(PID \d+\)\.\n/);
  expect(await place.says('server', 'services', 'start', '-b')).toMatch(/^1: Services are already running in the background/);
  expect(await place.says('server', 'database', 'reset')).toMatch(/^1: Services use the database \(PID \d+\)\.\n/);
  expect(await place.says('server', 'services', 'stop')).toBe('Services stopped!\n');
  expect(await place.says('server', 'services', 'stop')).toBe('No services running in the background.\n');
});
