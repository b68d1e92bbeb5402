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

test('a database is made, upgraded and emptied by commands', async () => {
  const says = async (...args: string[]) => {
    const { code, stdout, stderr } = await place.run('server', 'database', ...args);
    return `${code}: ${stdout}${stderr}`;
  };
  expect(await says('upgrade', '--dry-run')).toMatch(/^0: {3}1 {2}runs-and-deployments\n[\s\S]*lacks these steps\.\n$/);
  expect(existsSync(join(place.home, 'prefect.db'))).toBe(false);
  expect(await says('upgrade', '-y')).toMatch(/is up to date, at step \d+\.\n$/);
  expect(await says('upgrade', '-y')).toMatch(/^0: The database \S+prefect\.db is up to date/);
  expect(await says('upgrade', '-r', 'abc')).toMatch(/^1: Only the newest schema/);
  expect(await says('downgrade', '-y')).toMatch(/^1: The schema only goes forward.*\n {2}Restore the copy/);
  expect(await says('reset', '-y')).toMatch(/^0: The database \S+prefect\.db is empty\.\n$/);
  await place.run('server', 'start', '-b', '--port', '0');
  expect(await says('reset', '-y')).toMatch(/^1: A server \(PID \d+\) runs on \S+prefect\.db\.\n/);
});
