import type { StateType } from '@prefect-ts/protocol';
import type { Palette } from '../timeline/draw.ts';
import { stateWord } from '../widgets/state-badge.tsx';
import { type GraphBox, type GraphLayout, NODE_HEIGHT, NODE_WIDTH } from './layout.ts';

/** What of a graph is on screen: the point at the upper left corner, and pixels of the screen for one of the graph. */
export interface GraphView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

/** What stands out of a graph. */
export interface Marks {
  readonly selected: number | undefined;
  readonly hovered: number | undefined;
  /** Boxes that a search found; the others are dim. */
  readonly matching: ReadonlySet<number> | undefined;
}

/** Below this zoom a box is a mark without words. */
const WORDS_FROM = 0.45;
/** More edges than these are drawn only where one of their ends is in sight. */
const ALL_EDGES = 3_000;

/** Draws what of the graph is on screen. */
export function drawGraph(
  canvas: CanvasRenderingContext2D,
  layout: GraphLayout,
  view: GraphView,
  palette: Palette & { accent: string; text: string },
  marks: Marks,
): void {
  canvas.clearRect(0, 0, view.width, view.height);
  canvas.save();
  canvas.scale(view.zoom, view.zoom);
  canvas.translate(-view.x, -view.y);
  const near = relatedTo(layout, marks.selected);
  drawEdges(canvas, layout, view, palette, marks, near);
  canvas.textBaseline = 'middle';
  layout.boxes.forEach((box, index) => {
    if (!isInSight(box, view)) return;
    const dim = (marks.matching && !marks.matching.has(index)) || (near && !near.has(index));
    canvas.globalAlpha = dim ? 0.25 : 1;
    drawBox(canvas, box, view.zoom, palette, index === marks.selected, index === marks.hovered);
  });
  canvas.restore();
}

/** The box under a point of the screen. */
export function pickBox(layout: GraphLayout, view: GraphView, x: number, y: number): number | undefined {
  const [left, top] = [view.x + x / view.zoom, view.y + y / view.zoom];
  const index = layout.boxes.findIndex(
    (box) => left >= box.x && left <= box.x + NODE_WIDTH && top >= box.y && top <= box.y + NODE_HEIGHT,
  );
  return index < 0 ? undefined : index;
}

/** A view that shows the whole graph, never larger than life. */
export function fitView(layout: GraphLayout, width: number, height: number): GraphView {
  const margin = 24;
  const zoom = Math.min(1, (width - 2 * margin) / layout.width, (height - 2 * margin) / layout.height);
  const safe = Math.max(0.02, zoom);
  return {
    zoom: safe,
    x: -(width / safe - layout.width) / 2,
    y: -(height / safe - layout.height) / 2,
    width,
    height,
  };
}

function isInSight(box: GraphBox, view: GraphView): boolean {
  return (
    box.x + NODE_WIDTH >= view.x &&
    box.x <= view.x + view.width / view.zoom &&
    box.y + NODE_HEIGHT >= view.y &&
    box.y <= view.y + view.height / view.zoom
  );
}

/** Everything that leads to a box or follows from it; nothing without one. */
function relatedTo(layout: GraphLayout, selected: number | undefined): ReadonlySet<number> | undefined {
  if (selected === undefined) return undefined;
  const found = new Set([selected]);
  for (const [from, to] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const next = new Map<number, number[]>();
    for (let place = 0; place < layout.edges.length; place += 2) {
      const begin = layout.edges[place + from] ?? 0;
      const list = next.get(begin);
      if (list) list.push(layout.edges[place + to] ?? 0);
      else next.set(begin, [layout.edges[place + to] ?? 0]);
    }
    const way = [selected];
    const seen = new Set(way);
    for (let place = 0; place < way.length; place++)
      for (const box of next.get(way[place] ?? 0) ?? []) {
        if (seen.has(box)) continue;
        seen.add(box);
        way.push(box);
        found.add(box);
      }
  }
  return found;
}

function drawEdges(
  canvas: CanvasRenderingContext2D,
  layout: GraphLayout,
  view: GraphView,
  palette: Palette & { accent: string },
  marks: Marks,
  near: ReadonlySet<number> | undefined,
): void {
  const { boxes, edges } = layout;
  const isLarge = edges.length / 2 > ALL_EDGES;
  const plain = new Path2D();
  const strong = new Path2D();
  for (let place = 0; place < edges.length; place += 2) {
    const from = boxes[edges[place] ?? 0];
    const to = boxes[edges[place + 1] ?? 0];
    if (!from || !to) continue;
    if (isLarge && !isInSight(from, view) && !isInSight(to, view)) continue;
    const isStrong = near?.has(edges[place] ?? 0) && near.has(edges[place + 1] ?? 0);
    addEdge(isStrong ? strong : plain, from, to);
  }
  canvas.lineWidth = 1.25 / Math.max(view.zoom, 0.4);
  canvas.strokeStyle = palette.text2;
  canvas.globalAlpha = near || marks.matching ? 0.15 : 0.45;
  canvas.stroke(plain);
  canvas.globalAlpha = 1;
  canvas.strokeStyle = palette.accent;
  canvas.stroke(strong);
}

function addEdge(path: Path2D, from: GraphBox, to: GraphBox): void {
  const [x1, y1] = [from.x + NODE_WIDTH, from.y + NODE_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + NODE_HEIGHT / 2];
  const bend = Math.max(20, Math.abs(x2 - x1) / 2);
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
}

function drawBox(
  canvas: CanvasRenderingContext2D,
  box: GraphBox,
  zoom: number,
  palette: Palette & { accent: string; text: string },
  selected: boolean,
  hovered: boolean,
): void {
  const colour = palette.states.get(box.state) ?? palette.text2;
  if (box.kind === 'fold') {
    canvas.fillStyle = palette.surface;
    canvas.strokeStyle = palette.border;
    canvas.lineWidth = 1;
    roundRect(canvas, box.x + 4, box.y + 4, NODE_WIDTH, NODE_HEIGHT);
    canvas.fill();
    canvas.stroke();
  }
  canvas.fillStyle = palette.surface;
  canvas.strokeStyle = selected ? palette.focus : hovered ? palette.text2 : palette.border;
  canvas.lineWidth = selected ? 2.5 : 1;
  roundRect(canvas, box.x, box.y, NODE_WIDTH, NODE_HEIGHT);
  canvas.fill();
  canvas.stroke();
  if (box.kind === 'fold') drawShares(canvas, box, palette);
  else {
    canvas.fillStyle = colour;
    roundRect(canvas, box.x + 6, box.y + 8, 5, NODE_HEIGHT - 16, 2.5);
    canvas.fill();
  }
  if (zoom < WORDS_FROM) {
    canvas.fillStyle = colour;
    roundRect(canvas, box.x + 8, box.y + 8, NODE_WIDTH - 16, NODE_HEIGHT - 16, 4);
    canvas.fill();
    return;
  }
  canvas.fillStyle = palette.text;
  canvas.font = '500 13px system-ui, "Liberation Sans", sans-serif';
  const count = box.kind === 'fold' ? ` × ${box.members.length}` : '';
  canvas.fillText(shorten(box.label, 22 - count.length) + count, box.x + 19, box.y + 14);
  if (box.artifacts > 0) {
    canvas.fillStyle = palette.accent;
    canvas.beginPath();
    canvas.arc(box.x + NODE_WIDTH - 12, box.y + 12, 4, 0, 7);
    canvas.fill();
  }
  if (box.kind === 'fold') return;
  canvas.fillStyle = palette.text2;
  canvas.font = '11px system-ui, "Liberation Sans", sans-serif';
  const word = stateWord(box.state, null);
  canvas.fillText(box.kind === 'flow-run' ? `Subflow, ${word.toLowerCase()}` : word, box.x + 19, box.y + 29);
}

/** The states of a fold, each as wide as its share. */
function drawShares(canvas: CanvasRenderingContext2D, box: GraphBox, palette: Palette): void {
  const counts = new Map<StateType, number>();
  for (const { state_type: state } of box.members) counts.set(state, (counts.get(state) ?? 0) + 1);
  let x = box.x + 10;
  for (const [state, count] of counts) {
    const width = ((NODE_WIDTH - 20) * count) / box.members.length;
    canvas.fillStyle = palette.states.get(state) ?? palette.text2;
    canvas.fillRect(x, box.y + NODE_HEIGHT - 12, width, 5);
    x += width;
  }
}

function roundRect(canvas: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius = 7): void {
  canvas.beginPath();
  canvas.roundRect(x, y, width, height, radius);
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text;
}
