import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from 'prefect-ts/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerOnFolder, startServerOnFolder } from '../server-on-folder.ts';

let server: ServerOnFolder;
beforeAll(async () => {
  server = await startServerOnFolder();
});
afterAll(() => server.stop());

const example = fileURLToPath(new URL('weather.ts', import.meta.url));

test('the weather example prints what it found, retries its source, caches it and leaves a report', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [example], { env: { ...process.env, ...server.environment } });
  expect(stdout).toBe('Seattle: rain on 65% of days in Feb, on 9% in Jul; New York: rain on 48% of days in Dec, on 22% in Aug\n');

  await using client = createClient({ apiUrl: server.apiUrl });
  const runs = await client.call('POST /flow_runs/filter', { body: { sort: 'START_TIME_ASC' } });
  expect(runs.map(({ name, state_name }) => [name, state_name])).toEqual([
    [expect.any(String), 'Completed'],
    ['Seattle', 'Completed'],
    ['New York', 'Completed'],
  ]);

  const reads = await client.call('POST /task_runs/filter', {
    body: { sort: 'EXPECTED_START_TIME_ASC', task_runs: { name: { like_: 'read-archive' } } },
  });
  expect(reads.map(({ state_name, run_count }) => [state_name, run_count])).toEqual([
    ['Completed', 3],
    ['Cached', 1],
  ]);

  const months = await client.call('POST /task_runs/filter', { body: { task_runs: { name: { like_: 'Seattle-' } } } });
  expect(months.map(({ state_name }) => state_name)).toEqual(Array.from({ length: 12 }, () => 'Completed'));

  const report = await client.call('GET /artifacts/{key}/latest', { path: { key: 'climate-report' } });
  expect(report.data).toContain('| longest time without rain | 48 days | |');
});
