import { isTerminal, type UiTimeline } from '@prefect-ts/protocol';

/** Groups of more task runs than this fold into one row of density. */
export const FOLD_ABOVE = 50;

/** A task key with the rows that its runs fill. */
export interface TimelineGroup {
  label: string;
  count: number;
  failed: number;
  firstRow: number;
  rowCount: number;
  /** Folded groups draw one row in which single runs are not told apart. */
  folded: boolean;
  canFold: boolean;
}

/**
 * Where every task run is drawn. `members` holds indices into the columns of the timeline, row by row, by start within a
 * row; the members of row `r` are those from `rowOffsets[r]` to `rowOffsets[r + 1]`. Times are milliseconds from the origin.
 */
export interface TimelineLayout {
  groups: TimelineGroup[];
  rowCount: number;
  rowOffsets: Int32Array;
  members: Int32Array;
  start: Float64Array;
  end: Float64Array;
  /** First and last instant of anything drawn. */
  from: number;
  to: number;
}

export interface LayoutOptions {
  /** Where unfinished bars end. */
  now: number;
  show?: 'failed' | 'unfinished' | undefined;
  /** Labels of groups that are unfolded although they are large. */
  open?: readonly string[] | undefined;
}

/** Packs the task runs of a timeline into as few rows a group as do not overlap. */
export function layoutTimeline(timeline: UiTimeline, { now, show, open = [] }: LayoutOptions): TimelineLayout {
  const size = timeline.id.length;
  const start = new Float64Array(size);
  const end = new Float64Array(size);
  const byGroup = new Map<number, number[]>();
  let from = 0;
  let to = 1;
  for (let index = 0; index < size; index++) {
    if (!isShown(timeline, index, show)) continue;
    const begins = timeline.start[index] ?? timeline.expected[index] ?? 0;
    const over = isTerminal(stateTypeOf(timeline, index));
    const ends = Math.max(begins, timeline.end[index] ?? (over || timeline.start[index] === null ? begins : now));
    start[index] = begins;
    end[index] = ends;
    if (begins < from) from = begins;
    if (ends > to) to = ends;
    const group = timeline.task_key[index] ?? 0;
    const members = byGroup.get(group);
    if (members) members.push(index);
    else byGroup.set(group, [index]);
  }
  for (const members of byGroup.values()) members.sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b);
  const ordered = [...byGroup].sort(([, a], [, b]) => (start[a[0] ?? 0] ?? 0) - (start[b[0] ?? 0] ?? 0));

  const groups: TimelineGroup[] = [];
  const rows: number[][] = [];
  for (const [key, members] of ordered) {
    const label = taskLabel(timeline.task_keys[key] ?? '');
    const canFold = members.length > FOLD_ABOVE;
    const folded = canFold && !open.includes(label);
    const packed = folded ? [members] : packIntervals(members, start, end);
    groups.push({
      label,
      count: members.length,
      failed: members.filter((index) => isFailure(timeline, index)).length,
      firstRow: rows.length,
      rowCount: packed.length,
      folded,
      canFold,
    });
    rows.push(...packed);
  }
  return { groups, rowCount: rows.length, ...flatten(rows), start, end, from, to };
}

/** Puts intervals, given in order of start, into the first row that is free by then. */
export function packIntervals(members: readonly number[], start: Float64Array, end: Float64Array): number[][] {
  const rows: number[][] = [];
  const freeRows = new FreeRows();
  for (const index of members) {
    const row = freeRows.take(start[index] ?? 0) ?? rows.length;
    const members = rows[row];
    if (members) members.push(index);
    else rows.push([index]);
    freeRows.release(row, end[index] ?? 0);
  }
  return rows;
}

/** Rows by the time they become free: a heap on time, so that packing n bars takes n log n. */
class FreeRows {
  #heap: { at: number; row: number }[] = [];

  /** The row that is free first, if it is free by `at`. */
  take(at: number): number | undefined {
    const [first] = this.#heap;
    if (!first || first.at > at) return undefined;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) this.#sink(last);
    return first.row;
  }

  release(row: number, at: number): void {
    const heap = this.#heap;
    let place = heap.push({ at, row }) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      const here = heap[place];
      if (!above || !here || !isBefore(here, above)) return;
      heap[parent] = here;
      heap[place] = above;
      place = parent;
    }
  }

  #sink(entry: { at: number; row: number }): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (!left) break;
      if (right && isBefore(right, left)) child++;
      const least = heap[child];
      if (!least || !isBefore(least, entry)) break;
      heap[place] = least;
      place = child;
    }
    heap[place] = entry;
  }
}

function isBefore(a: { at: number; row: number }, b: { at: number; row: number }): boolean {
  return a.at < b.at || (a.at === b.at && a.row < b.row);
}

function flatten(rows: readonly number[][]): { rowOffsets: Int32Array; members: Int32Array } {
  const rowOffsets = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => {
    rowOffsets[index + 1] = (rowOffsets[index] ?? 0) + row.length;
  });
  const members = new Int32Array(rowOffsets[rows.length] ?? 0);
  rows.forEach((row, index) => {
    members.set(row, rowOffsets[index] ?? 0);
  });
  return { rowOffsets, members };
}

function isShown(timeline: UiTimeline, index: number, show: LayoutOptions['show']): boolean {
  if (show === 'failed') return isFailure(timeline, index);
  if (show === 'unfinished') return !isTerminal(stateTypeOf(timeline, index));
  return true;
}

function isFailure(timeline: UiTimeline, index: number): boolean {
  const type = stateTypeOf(timeline, index);
  return type === 'FAILED' || type === 'CRASHED';
}

/** The state type of the task run at `index`. */
export function stateTypeOf(timeline: UiTimeline, index: number) {
  return timeline.states[timeline.state[index] ?? 0]?.type ?? null;
}

/** A task key without what makes it unique: `extract-1b2c3d4e` and `module.extract-1b2c3d4e` read `extract`. */
export function taskLabel(key: string): string {
  return key.replace(/-[0-9a-f]{8}$/, '').replace(/^.*[./](?=[^./]+$)/, '');
}
