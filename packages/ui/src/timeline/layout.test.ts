import type { StateType, UiTimeline } from '@prefect-ts/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOLD_ABOVE, layoutTimeline, packIntervals, taskLabel } from './layout.ts';

interface Task {
  key: string;
  start: number | null;
  end: number | null;
  state?: StateType;
}

function aTimeline(tasks: Task[]): UiTimeline {
  const keys = [...new Set(tasks.map((task) => task.key))];
  const states = ['COMPLETED', 'RUNNING', 'FAILED'] as const;
  return {
    position: '0',
    origin: '2026-01-01T00:00:00Z',
    states: states.map((type) => ({ type, name: null })),
    task_keys: keys,
    id: tasks.map((_, index) => String(index)),
    name: tasks.map((task, index) => `${task.key}-${index}`),
    task_key: tasks.map((task) => keys.indexOf(task.key)),
    state: tasks.map((task) => states.indexOf((task.state ?? (task.end === null ? 'RUNNING' : 'COMPLETED')) as 'RUNNING')),
    expected: tasks.map((task) => task.start),
    start: tasks.map((task) => task.start),
    end: tasks.map((task) => task.end),
    run_count: tasks.map(() => 1),
    subflow_run_id: tasks.map(() => null),
  };
}

describe('packing', () => {
  const intervals = fc.array(
    fc
      .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 40 }))
      .map(([start, length]) => [start, start + length] as const),
    { maxLength: 60 },
  );

  it('never lets two bars of a row overlap, and uses no more rows than bars that overlap at once', () => {
    fc.assert(
      fc.property(intervals, (unsorted) => {
        const sorted = [...unsorted].sort((a, b) => a[0] - b[0]);
        const start = Float64Array.from(sorted, ([from]) => from);
        const end = Float64Array.from(sorted, ([, to]) => to);
        const rows = packIntervals([...sorted.keys()], start, end);
        expect(rows.flat().sort((a, b) => a - b)).toEqual([...sorted.keys()]);
        for (const row of rows)
          for (let place = 1; place < row.length; place++)
            expect(start[row[place] ?? 0]).toBeGreaterThanOrEqual(end[row[place - 1] ?? 0] ?? 0);
        const busiest = Math.max(0, ...sorted.map(([at]) => sorted.filter(([from, to]) => from <= at && at < to).length));
        const points = sorted.filter(([from, to]) => from === to).length;
        expect(rows.length).toBeLessThanOrEqual(busiest + points);
      }),
    );
  });
});

describe('the layout of a timeline', () => {
  it('gives each task its own group, in order of first start', () => {
    const layout = layoutTimeline(
      aTimeline([
        { key: 'load', start: 50, end: 60 },
        { key: 'extract', start: 0, end: 10 },
        { key: 'extract', start: 5, end: 20 },
      ]),
      { now: 100 },
    );
    expect(layout.groups.map((group) => [group.label, group.firstRow, group.rowCount])).toEqual([
      ['extract', 0, 2],
      ['load', 2, 1],
    ]);
    expect(layout.rowCount).toBe(3);
    expect([...layout.members]).toEqual([1, 2, 0]);
    expect([layout.from, layout.to]).toEqual([0, 60]);
  });

  it('draws what runs until now', () => {
    const layout = layoutTimeline(aTimeline([{ key: 'a', start: 5, end: null }]), { now: 90 });
    expect(layout.end[0]).toBe(90);
  });

  it('folds large groups into one row until they are opened', () => {
    const many = aTimeline(Array.from({ length: FOLD_ABOVE + 1 }, (_, index) => ({ key: 'map', start: 0, end: index })));
    expect(layoutTimeline(many, { now: 0 }).rowCount).toBe(1);
    expect(layoutTimeline(many, { now: 0, open: ['map'] }).rowCount).toBe(FOLD_ABOVE);
  });

  it('shows only failed, or only unfinished, task runs when asked', () => {
    const mixed = aTimeline([
      { key: 'a', start: 0, end: 1 },
      { key: 'b', start: 0, end: 1, state: 'FAILED' },
      { key: 'c', start: 0, end: null },
    ]);
    expect(layoutTimeline(mixed, { now: 9, show: 'failed' }).groups.map((group) => group.label)).toEqual(['b']);
    expect(layoutTimeline(mixed, { now: 9, show: 'unfinished' }).groups.map((group) => group.label)).toEqual(['c']);
  });

  it('lays out 100,000 task runs in well under a second', () => {
    const tasks = Array.from({ length: 100_000 }, (_, index) => ({ key: `t${index % 7}`, start: index, end: index + 500 }));
    const timeline = aTimeline(tasks);
    const before = performance.now();
    const layout = layoutTimeline(timeline, { now: 0, open: ['t0', 't1', 't2', 't3', 't4', 't5', 't6'] });
    expect(layout.members.length).toBe(100_000);
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

describe('task labels', () => {
  it.each([
    ['extract-1b2c3d4e', 'extract'],
    ['flows.extract-1b2c3d4e', 'extract'],
    ['extract', 'extract'],
    ['my-task', 'my-task'],
  ])('%s reads %s', (key, label) => expect(taskLabel(key)).toBe(label));
});
