import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillDatabase } from './fill.ts';
import { idsOf, type World } from './rows.ts';

const world: World = {
  dialect: 'sqlite',
  now: 1_800_000_000_000_000,
  flowRuns: 2_000,
  taskRuns: 10_000,
  events: 500,
  logs: 1_000,
};
const folder = mkdtempSync(join(tmpdir(), 'scale-rows-'));
let database: DatabaseSync;

beforeAll(async () => {
  const file = join(folder, 'filled.db');
  await fillDatabase(file, world, () => undefined);
  database = new DatabaseSync(file, { readOnly: true });
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

function count(sql: string, ...parameters: string[]): number {
  return Number(database.prepare(`SELECT count(*) AS count FROM ${sql}`).get(...parameters)?.count);
}

it('a database is filled with as many rows as were asked for', () => {
  const counts = ['flow_run', 'task_run', 'event', 'log', 'flow_run_state'].map((table) => count(table));
  expect(counts).toEqual([2_000, 10_000, 500, 1_000, 6_000]);
});

it('most runs are completed, some failed, few are planned or under way', () => {
  expect(count(`flow_run WHERE state_type = 'COMPLETED'`)).toBeGreaterThan(1_600);
  expect(count(`flow_run WHERE state_type = 'FAILED'`)).toBeGreaterThan(50);
  expect(count(`flow_run WHERE state_name = 'Scheduled'`)).toBe(10);
});

it('every row that refers to another finds it', () => {
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  expect(count('flow_run WHERE parent_task_run_id NOT IN (SELECT id FROM task_run)')).toBe(0);
  expect(count('log WHERE flow_run_id NOT IN (SELECT id FROM flow_run)')).toBe(0);
});

it('requests know the ids that the database made', () => {
  const ids = idsOf(world);
  expect(count('flow_run WHERE id = ?', ids.flowRun(777))).toBe(1);
  expect(count('flow WHERE id = ?', ids.flow(199))).toBe(1);
  expect(count('deployment WHERE id = ?', ids.deployment(499))).toBe(1);
  expect(count('task_run WHERE flow_run_id = ?', ids.flowRun(ids.largeRun(1)))).toBeGreaterThan(1_000);
});

it('indexes that were put off are there in the end', () => {
  expect(count(`sqlite_master WHERE type = 'index' AND name IN ('flow_run_start', 'task_run_expected', 'log_timestamp')`)).toBe(
    3,
  );
});
