import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { descendants, parseStat, readTreeUsage, treePids } from './process-tree.ts';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

test('a stat line is read behind a command name with spaces and parentheses', () => {
  const numbers = Array.from({ length: 50 }, (_, index) => index + 3); // each field holds its own number
  const line = `42 (a (b) c) S ${numbers.slice(1).join(' ')}`;
  expect(parseStat(line)).toEqual({
    pid: 42,
    parentPid: 4,
    cpuMillis: (14 + 15 + 16 + 17) * 10,
    residentMiB: (24 * 4096) / 2 ** 20,
  });
});

test('a tree holds children and grandchildren, and no others', () => {
  const process = (pid: number, parentPid: number) => ({ pid, parentPid, cpuMillis: 0, residentMiB: 0 });
  const processes = [process(5, 3), process(1, 0), process(2, 1), process(3, 2), process(4, 1)];
  expect(descendants(2, processes).map(({ pid }) => pid)).toEqual([2, 3, 5]);
});

test('CPU that a child burns counts for the tree of its parent', async () => {
  const burn = 'const end = process.cpuUsage().user + 150000; while (process.cpuUsage().user < end);';
  const parent = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${burn} console.log('done'); setInterval(() => {}, 1e6)`)}], { stdio: 'inherit' })`;
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  started.push(child);
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const pids = treePids(pid);
  const usage = readTreeUsage(pid);
  process.kill(-pid, 'SIGKILL');
  expect(pids).toHaveLength(2);
  expect(usage.cpuMillis).toBeGreaterThanOrEqual(140);
  expect(usage.residentMiB).toBeGreaterThan(20);
});

test('a process that has ended has used nothing', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(readTreeUsage(child.pid ?? 0)).toEqual({ cpuMillis: 0, residentMiB: 0 });
});
