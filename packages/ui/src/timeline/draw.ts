import type { UiTimeline } from '@prefect-ts/protocol';
import { stateLook } from '../widgets/run-states.ts';
import { formatSpan } from '../widgets/time-text.ts';
import { stateTypeOf, type TimelineLayout } from './layout.ts';

export const ROW_HEIGHT = 26;
export const AXIS_HEIGHT = 28;
const BAR_INSET = 4;

/** The part of a timeline that is on screen. */
export interface Viewport {
  /** Milliseconds from the origin at the left and right edge. */
  from: number;
  to: number;
  scrollTop: number;
  width: number;
  height: number;
}

export interface Palette {
  text: string;
  text2: string;
  border: string;
  surface: string;
  focus: string;
  states: Map<string | null, string>;
}

/** Reads the colours of the theme as canvas can use them. */
export function readPalette(probe: HTMLElement): Palette {
  const colour = (variable: string) => {
    probe.style.color = `var(${variable})`;
    return getComputedStyle(probe).color;
  };
  const states = new Map<string | null, string>();
  for (const type of [
    'SCHEDULED',
    'PENDING',
    'RUNNING',
    'COMPLETED',
    'FAILED',
    'CRASHED',
    'CANCELLED',
    'CANCELLING',
    'PAUSED',
    null,
  ] as const)
    states.set(type, colour(stateLook(type).variable));
  return {
    text: colour('--text'),
    text2: colour('--text-2'),
    border: colour('--border'),
    surface: colour('--surface'),
    focus: colour('--focus'),
    states,
  };
}

/** Draws the rows that are on screen. Work is bounded by what is visible, not by the size of the run. */
export function drawTimeline(
  canvas: CanvasRenderingContext2D,
  timeline: UiTimeline,
  layout: TimelineLayout,
  view: Viewport,
  palette: Palette,
  marked: { hovered: number | undefined; selected: number | undefined },
): void {
  canvas.clearRect(0, 0, view.width, view.height);
  drawGrid(canvas, layout, view, palette);
  const firstRow = Math.max(0, Math.floor((view.scrollTop - AXIS_HEIGHT) / ROW_HEIGHT));
  const lastRow = Math.min(layout.rowCount - 1, Math.ceil((view.scrollTop + view.height) / ROW_HEIGHT));
  const foldedRows = new Set(layout.groups.filter((group) => group.folded).map((group) => group.firstRow));
  canvas.save();
  canvas.beginPath();
  canvas.rect(0, AXIS_HEIGHT, view.width, view.height - AXIS_HEIGHT);
  canvas.clip();
  canvas.font = '12px system-ui, "Liberation Sans", sans-serif';
  canvas.textBaseline = 'middle';
  for (let row = firstRow; row <= lastRow; row++) {
    const y = rowTop(row, view);
    if (foldedRows.has(row)) drawDensity(canvas, timeline, layout, row, y, view, palette);
    else drawBars(canvas, timeline, layout, row, y, view, palette);
  }
  for (const [index, colour] of [
    [marked.hovered, palette.text2],
    [marked.selected, palette.focus],
  ] as const)
    if (index !== undefined) outline(canvas, layout, index, view, colour, firstRow, lastRow);
  canvas.restore();
  drawAxis(canvas, view, palette);
}

/** The task run under a point of the canvas. */
export function pickBar(layout: TimelineLayout, view: Viewport, x: number, y: number): number | undefined {
  if (y < AXIS_HEIGHT) return undefined;
  const row = Math.floor((y - AXIS_HEIGHT + view.scrollTop) / ROW_HEIGHT);
  if (row < 0 || row >= layout.rowCount) return undefined;
  const tolerance = 3 * millisPerPixel(view);
  const at = view.from + x * millisPerPixel(view);
  let best: number | undefined;
  let bestDistance = tolerance;
  for (let place = layout.rowOffsets[row] ?? 0; place < (layout.rowOffsets[row + 1] ?? 0); place++) {
    const index = layout.members[place] ?? 0;
    const distance = Math.max((layout.start[index] ?? 0) - at, at - (layout.end[index] ?? 0), 0);
    if (distance === 0) return index;
    if (distance < bestDistance) {
      best = index;
      bestDistance = distance;
    }
  }
  return best;
}

function millisPerPixel(view: Viewport): number {
  return (view.to - view.from) / view.width;
}

function rowTop(row: number, view: Viewport): number {
  return AXIS_HEIGHT + row * ROW_HEIGHT - view.scrollTop;
}

function drawBars(
  canvas: CanvasRenderingContext2D,
  timeline: UiTimeline,
  layout: TimelineLayout,
  row: number,
  y: number,
  view: Viewport,
  palette: Palette,
): void {
  const scale = 1 / millisPerPixel(view);
  const last = layout.rowOffsets[row + 1] ?? 0;
  for (let place = layout.rowOffsets[row] ?? 0; place < last; place++) {
    const index = layout.members[place] ?? 0;
    const left = ((layout.start[index] ?? 0) - view.from) * scale;
    const right = ((layout.end[index] ?? 0) - view.from) * scale;
    if (right < -200 || left > view.width) continue;
    const width = Math.max(2, right - left);
    canvas.fillStyle = palette.states.get(stateTypeOf(timeline, index)) ?? palette.text2;
    canvas.beginPath();
    canvas.roundRect(left, y + BAR_INSET, width, ROW_HEIGHT - 2 * BAR_INSET, Math.min(4, width / 2));
    canvas.fill();
    const next = layout.members[place + 1];
    const free =
      (place + 1 < last && next !== undefined ? ((layout.start[next] ?? 0) - view.from) * scale : view.width) - left - width;
    drawLabel(canvas, timeline.name[index] ?? '', left, width, free, y, palette);
  }
}

/** The name stands after the bar if there is room before the next one; a bar is too coloured to be read upon. */
function drawLabel(
  canvas: CanvasRenderingContext2D,
  label: string,
  left: number,
  width: number,
  free: number,
  y: number,
  palette: Palette,
): void {
  if (free < 24) return;
  const needed = label.length * 6.2 + 8;
  const text = needed <= free ? label : `${label.slice(0, Math.max(1, Math.floor((free - 14) / 6.2)))}…`;
  if (needed > free && free < 60) return;
  canvas.fillStyle = palette.text2;
  canvas.fillText(text, Math.max(left + width, 0) + 6, y + ROW_HEIGHT / 2 + 0.5);
}

const SEVERITY: Record<string, number> = {
  FAILED: 5,
  CRASHED: 5,
  RUNNING: 4,
  PAUSED: 3,
  CANCELLED: 3,
  PENDING: 2,
  SCHEDULED: 2,
  COMPLETED: 1,
};

/** One row for many runs: how many at once as height, the worst state among them as colour. */
function drawDensity(
  canvas: CanvasRenderingContext2D,
  timeline: UiTimeline,
  layout: TimelineLayout,
  row: number,
  y: number,
  view: Viewport,
  palette: Palette,
): void {
  const columns = Math.ceil(view.width / 2);
  const counts = new Float32Array(columns + 1);
  const worst: (string | null)[] = new Array(columns).fill(null);
  const scale = columns / (view.to - view.from);
  for (let place = layout.rowOffsets[row] ?? 0; place < (layout.rowOffsets[row + 1] ?? 0); place++) {
    const index = layout.members[place] ?? 0;
    const first = Math.max(0, Math.floor(((layout.start[index] ?? 0) - view.from) * scale));
    const last = Math.min(columns - 1, Math.floor(((layout.end[index] ?? 0) - view.from) * scale));
    const type = stateTypeOf(timeline, index);
    for (let column = first; column <= last; column++) {
      counts[column] = (counts[column] ?? 0) + 1;
      if ((SEVERITY[type ?? ''] ?? 0) > (SEVERITY[worst[column] ?? ''] ?? 0)) worst[column] = type;
    }
  }
  const peak = counts.reduce((most, count) => Math.max(most, count), 1);
  const room = ROW_HEIGHT - 2 * BAR_INSET;
  for (let column = 0; column < columns; column++) {
    const count = counts[column] ?? 0;
    if (count === 0) continue;
    const height = Math.max(3, (count / peak) * room);
    canvas.fillStyle = palette.states.get(worst[column] ?? null) ?? palette.text2;
    canvas.fillRect((column * view.width) / columns, y + BAR_INSET + room - height, view.width / columns + 0.5, height);
  }
}

function outline(
  canvas: CanvasRenderingContext2D,
  layout: TimelineLayout,
  index: number,
  view: Viewport,
  colour: string,
  firstRow: number,
  lastRow: number,
): void {
  for (let row = firstRow; row <= lastRow; row++) {
    for (let place = layout.rowOffsets[row] ?? 0; place < (layout.rowOffsets[row + 1] ?? 0); place++) {
      if (layout.members[place] !== index) continue;
      const scale = 1 / millisPerPixel(view);
      const left = ((layout.start[index] ?? 0) - view.from) * scale;
      const width = Math.max(2, ((layout.end[index] ?? 0) - (layout.start[index] ?? 0)) * scale);
      canvas.strokeStyle = colour;
      canvas.lineWidth = 2;
      canvas.beginPath();
      canvas.roundRect(left - 1.5, rowTop(row, view) + BAR_INSET - 1.5, width + 3, ROW_HEIGHT - 2 * BAR_INSET + 3, 5);
      canvas.stroke();
      return;
    }
  }
}

function drawGrid(canvas: CanvasRenderingContext2D, layout: TimelineLayout, view: Viewport, palette: Palette): void {
  canvas.fillStyle = palette.border;
  for (const { at } of ticks(view))
    canvas.fillRect(Math.round((at - view.from) / millisPerPixel(view)), AXIS_HEIGHT, 1, view.height);
  for (const group of layout.groups) canvas.fillRect(0, Math.round(rowTop(group.firstRow, view)), view.width, 1);
}

function drawAxis(canvas: CanvasRenderingContext2D, view: Viewport, palette: Palette): void {
  canvas.fillStyle = palette.surface;
  canvas.fillRect(0, 0, view.width, AXIS_HEIGHT);
  canvas.fillStyle = palette.border;
  canvas.fillRect(0, AXIS_HEIGHT - 1, view.width, 1);
  canvas.font = '11px system-ui, "Liberation Sans", sans-serif';
  canvas.textBaseline = 'middle';
  canvas.fillStyle = palette.text2;
  for (const { at, label } of ticks(view)) {
    const x = (at - view.from) / millisPerPixel(view);
    if (x >= -1 && x < view.width - 30) canvas.fillText(label, x + 4, AXIS_HEIGHT / 2);
  }
}

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5, 1728e5,
  6048e5,
];

/** Round instants about 100 pixels apart. */
function ticks(view: Viewport): { at: number; label: string }[] {
  const wanted = 100 * millisPerPixel(view);
  const step = STEPS.find((candidate) => candidate >= wanted) ?? wanted;
  const found: { at: number; label: string }[] = [];
  for (let at = Math.ceil(view.from / step) * step; at <= view.to && found.length < 100; at += step)
    found.push({ at, label: at === 0 ? '0' : formatSpan(at) });
  return found;
}
