import type { Graph, Node, StateType } from '@prefect-ts/protocol';

/** Siblings of more than so many runs fold into one box. */
export const FOLD_ABOVE = 12;

export const NODE_WIDTH = 180;
export const NODE_HEIGHT = 40;
const COLUMN_GAP = 70;
const ROW_GAP = 14;

/** A box of the graph: one run, or many of the same task that depend on the same. */
export interface GraphBox {
  /** The id of the run; of a fold, what makes it what it is. */
  readonly id: string;
  readonly label: string;
  readonly kind: Node['kind'] | 'fold';
  readonly members: readonly Node[];
  /** Of the run, or the worst of many. */
  readonly state: StateType;
  readonly artifacts: number;
  x: number;
  y: number;
}

/** Where everything is drawn, in pixels at zoom 1. Edges are indices into `boxes`, in pairs: from, to. */
export interface GraphLayout {
  readonly boxes: readonly GraphBox[];
  readonly edges: Int32Array;
  readonly width: number;
  readonly height: number;
  /** Folds that can be opened, and those that are open. */
  readonly folds: number;
}

/** Lays a graph out in layers: each run stands one column behind the last of what it depends on. */
export function layoutGraph(graph: Graph, open: ReadonlySet<string>): GraphLayout {
  const nodes = graph.nodes.map(([, node]) => node);
  const { boxes, boxOf, folds } = gatherBoxes(nodes, open);
  const edges = gatherEdges(nodes, boxOf);
  const layers = layerBoxes(boxes.length, edges);
  orderLayers(layers, boxes.length, edges);
  return { boxes, edges, folds, ...placeLayers(boxes, layers) };
}

const SEVERITY: Partial<Record<StateType, number>> = {
  FAILED: 6,
  CRASHED: 6,
  RUNNING: 5,
  PAUSED: 4,
  CANCELLING: 3,
  CANCELLED: 3,
  PENDING: 2,
  SCHEDULED: 2,
  COMPLETED: 1,
};

/** What many runs have in common: the task, and what they depend on. */
function foldKey(node: Node): string {
  return `${taskOf(node.label)}\n${node.parents.map(({ id }) => id).join()}\n${node.encapsulating.map(({ id }) => id).join()}`;
}

/** The task of a run by its name: `score-12` and `score-1a2` are runs of `score`. */
function taskOf(label: string): string {
  return label.replace(/-[0-9a-f]{1,8}$/, '');
}

function gatherBoxes(nodes: readonly Node[], open: ReadonlySet<string>) {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const key = node.kind === 'flow-run' ? node.id : foldKey(node);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  const boxes: GraphBox[] = [];
  const boxOf = new Map<string, number>();
  let folds = 0;
  for (const group of groups.values()) {
    const [first] = group;
    if (!first) continue;
    const id = `fold:${first.id}`;
    if (group.length > FOLD_ABOVE) folds++;
    if (group.length > FOLD_ABOVE && !open.has(id)) {
      for (const node of group) boxOf.set(node.id, boxes.length);
      boxes.push({
        id,
        label: taskOf(first.label),
        kind: 'fold',
        members: group,
        state: worstState(group),
        artifacts: group.reduce((sum, node) => sum + node.artifacts.length, 0),
        x: 0,
        y: 0,
      });
    } else
      for (const node of group) {
        boxOf.set(node.id, boxes.length);
        const { label, kind, state_type: state, artifacts } = node;
        boxes.push({ id: node.id, label, kind, members: [node], state, artifacts: artifacts.length, x: 0, y: 0 });
      }
  }
  return { boxes, boxOf, folds };
}

function worstState(nodes: readonly Node[]): StateType {
  let worst: StateType = 'COMPLETED';
  for (const { state_type: state } of nodes) if ((SEVERITY[state] ?? 0) > (SEVERITY[worst] ?? 0)) worst = state;
  return worst;
}

/** Edges between boxes, each once; what a run is called inside of comes before it too. */
function gatherEdges(nodes: readonly Node[], boxOf: ReadonlyMap<string, number>): Int32Array {
  const seen = new Set<number>();
  const size = boxOf.size + 1;
  const pairs: number[] = [];
  for (const node of nodes) {
    const to = boxOf.get(node.id);
    for (const parent of [...node.parents, ...node.encapsulating]) {
      const from = boxOf.get(parent.id);
      if (from === undefined || to === undefined || from === to || seen.has(from * size + to)) continue;
      seen.add(from * size + to);
      pairs.push(from, to);
    }
  }
  return Int32Array.from(pairs);
}

/** Puts each box one layer behind the last of its parents; what goes in a circle stays where it was met. */
function layerBoxes(size: number, edges: Int32Array): number[][] {
  const children: number[][] = Array.from({ length: size }, () => []);
  const missing = new Int32Array(size);
  for (let place = 0; place < edges.length; place += 2) {
    children[edges[place] ?? 0]?.push(edges[place + 1] ?? 0);
    missing[edges[place + 1] ?? 0] = (missing[edges[place + 1] ?? 0] ?? 0) + 1;
  }
  const layer = new Int32Array(size);
  const ready = [...missing.keys()].filter((box) => missing[box] === 0);
  for (let place = 0; place < ready.length; place++) {
    const box = ready[place] ?? 0;
    for (const child of children[box] ?? []) {
      layer[child] = Math.max(layer[child] ?? 0, (layer[box] ?? 0) + 1);
      missing[child] = (missing[child] ?? 0) - 1;
      if (missing[child] === 0) ready.push(child);
    }
  }
  const depth = size === 0 ? 0 : layer.reduce((most, at) => Math.max(most, at), 0) + 1;
  const layers: number[][] = Array.from({ length: depth }, () => []);
  for (let box = 0; box < size; box++) layers[layer[box] ?? 0]?.push(box);
  return layers;
}

/** Two sweeps, there and back: each box goes to the middle of what it is connected to in the layer before. */
function orderLayers(layers: number[][], size: number, edges: Int32Array): void {
  const before: number[][] = Array.from({ length: size }, () => []);
  const behind: number[][] = Array.from({ length: size }, () => []);
  for (let place = 0; place < edges.length; place += 2) {
    behind[edges[place] ?? 0]?.push(edges[place + 1] ?? 0);
    before[edges[place + 1] ?? 0]?.push(edges[place] ?? 0);
  }
  const position = new Float64Array(size);
  const number = (members: readonly number[]) =>
    members.forEach((box, index) => {
      position[box] = (index + 0.5) / members.length;
    });
  layers.forEach(number);
  const sort = (members: number[], neighbours: readonly number[][]) => {
    const middle = new Map(members.map((box) => [box, middleOf(neighbours[box] ?? [], position) ?? position[box] ?? 0]));
    members.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0) || a - b);
    number(members);
  };
  for (const members of layers.slice(1)) sort(members, before);
  for (const members of layers.slice(0, -1).reverse()) sort(members, behind);
}

function middleOf(boxes: readonly number[], position: Float64Array): number | undefined {
  if (boxes.length === 0) return undefined;
  return boxes.reduce((sum, box) => sum + (position[box] ?? 0), 0) / boxes.length;
}

/** A layer of more boxes than this is broken into several columns, so that a wide map stays in sight. */
const MOST_ROWS = 60;

function placeLayers(boxes: readonly GraphBox[], layers: readonly (readonly number[])[]): { width: number; height: number } {
  const tallest = Math.min(MOST_ROWS, Math.max(1, ...layers.map((members) => members.length)));
  const height = tallest * (NODE_HEIGHT + ROW_GAP) - ROW_GAP;
  let x = 0;
  for (const members of layers) {
    const columns = Math.max(1, Math.ceil(members.length / MOST_ROWS));
    const rows = Math.ceil(members.length / columns);
    const top = (height - (rows * (NODE_HEIGHT + ROW_GAP) - ROW_GAP)) / 2;
    members.forEach((index, place) => {
      const box = boxes[index];
      if (!box) return;
      box.x = x + Math.floor(place / rows) * (NODE_WIDTH + ROW_GAP);
      box.y = top + (place % rows) * (NODE_HEIGHT + ROW_GAP);
    });
    x += columns * (NODE_WIDTH + ROW_GAP) - ROW_GAP + COLUMN_GAP;
  }
  return { width: Math.max(NODE_WIDTH, x - COLUMN_GAP), height };
}
