import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));

async function bench(...args: string[]) {
  const child = spawn(process.execPath, [RUN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { output, errors, code: child.exitCode };
}

test('a run prints a table and a JSON line for each server and number of clients', async () => {
  const short = ['--seconds', '0.2', '--warm-up', '0.2', '--rounds', '1', '--clients', '1,4'];
  const { output, errors, code } = await bench('--servers', 'limit', '--only', 'flow-run,task-events', ...short);
  expect({ errors, code }).toEqual({ errors: '', code: 0 });
  const lines = output.split('\n');
  const rows = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  expect(rows.map(({ measure, clients, server }) => `${measure} ${clients} ${server}`)).toEqual([
    'flow-run 1 limit',
    'flow-run 4 limit',
    'task-events 1 limit',
    'task-events 4 limit',
  ]);
  for (const row of rows) {
    expect(row.errors).toEqual({});
    expect(row.unitsPerSecond).toBeGreaterThan(0);
    expect(row.cpuMillis).toBeGreaterThanOrEqual(0);
  }
  expect(lines.filter((line) => line.startsWith('measure '))).toHaveLength(2);
});

test('a measure that does not exist is refused with those that do', async () => {
  const { errors, code } = await bench('--only', 'flow-runs');
  expect(code).toBe(1);
  expect(errors).toContain('--only: there is no flow-runs. There are: newest-runs');
});
