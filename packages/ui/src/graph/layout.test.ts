import type { Graph, Node, StateType } from '@prefect-ts/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOLD_ABOVE, type GraphLayout, layoutGraph, NODE_HEIGHT, NODE_WIDTH } from './layout.ts';

interface Run {
  label: string;
  /** Places of the runs that it depends on. */
  parents?: number[];
  state?: StateType;
  kind?: Node['kind'];
}

function aGraph(runs: Run[]): Graph {
  const nodes = runs.map(({ label, parents = [], state = 'COMPLETED', kind = 'task-run' }, index): [string, Node] => [
    String(index),
    {
      id: String(index),
      kind,
      label,
      state_type: state,
      start_time: '2026-01-01T00:00:00Z',
      end_time: null,
      parents: parents.map((id) => ({ id: String(id) })),
      children: [],
      encapsulating: [],
      artifacts: [],
    },
  ]);
  return { start_time: null, end_time: null, root_node_ids: [], nodes, artifacts: [], states: [] };
}

const everythingOpen = (graph: Graph) => new Set(graph.nodes.map(([id]) => `fold:${id}`));
const boxOf = (layout: GraphLayout, id: string) => layout.boxes.find((box) => box.members.some((node) => node.id === id));

describe('the layout of a graph', () => {
  const runs = fc.array(
    fc.record({ label: fc.constantFrom('a-1', 'b-2', 'c-3'), parents: fc.array(fc.nat(40), { maxLength: 3 }) }),
    { maxLength: 40 },
  );

  it('puts every run to the right of what it depends on, and never two in one place', () => {
    fc.assert(
      fc.property(runs, (drawn) => {
        const graph = aGraph(drawn.map((run, index) => ({ ...run, parents: run.parents.filter((parent) => parent < index) })));
        const layout = layoutGraph(graph, everythingOpen(graph));
        expect(layout.boxes).toHaveLength(graph.nodes.length);
        for (const [id, { parents }] of graph.nodes)
          for (const parent of parents)
            expect(boxOf(layout, id)?.x).toBeGreaterThanOrEqual((boxOf(layout, parent.id)?.x ?? 0) + NODE_WIDTH);
        expect(new Set(layout.boxes.map(({ x, y }) => `${x} ${y}`)).size).toBe(layout.boxes.length);
        for (const { x, y } of layout.boxes) {
          expect(x + NODE_WIDTH).toBeLessThanOrEqual(layout.width);
          expect(y + NODE_HEIGHT).toBeLessThanOrEqual(layout.height + 0.001);
        }
      }),
    );
  });

  it('ends for runs that depend on each other in a circle', () => {
    const layout = layoutGraph(
      aGraph([
        { label: 'a', parents: [1] },
        { label: 'b', parents: [0] },
      ]),
      new Set(),
    );
    expect(layout.boxes).toHaveLength(2);
    expect(layout.edges).toHaveLength(4);
  });

  it('of nothing is empty', () => {
    expect(layoutGraph(aGraph([]), new Set())).toMatchObject({ boxes: [], folds: 0 });
  });
});

describe('folding', () => {
  const many = Array.from({ length: FOLD_ABOVE + 1 }, (_, index) => ({
    label: `score-${index}`,
    parents: [0],
    state: index === 3 ? ('FAILED' as const) : ('COMPLETED' as const),
  }));
  const graph = aGraph([{ label: 'load-0' }, ...many, { label: 'report-0', parents: many.map((_, index) => index + 1) }]);

  it('makes one box of many runs of a task, in the worst of their states, with one edge for all', () => {
    const layout = layoutGraph(graph, new Set());
    expect(layout.boxes.map(({ label, kind, state }) => [label, kind, state])).toEqual([
      ['load-0', 'task-run', 'COMPLETED'],
      ['score', 'fold', 'FAILED'],
      ['report-0', 'task-run', 'COMPLETED'],
    ]);
    expect([...layout.edges]).toEqual([0, 1, 1, 2]);
  });

  it('opens by the id of the box', () => {
    const [, fold] = layoutGraph(graph, new Set()).boxes;
    expect(layoutGraph(graph, new Set([fold?.id ?? ''])).boxes).toHaveLength(graph.nodes.length);
  });

  it('keeps runs apart that depend on different runs, and subflows', () => {
    const apart = aGraph([
      { label: 'load-0' },
      { label: 'load-1' },
      ...many.map((run, index) => ({ ...run, parents: [index % 2] })),
      ...many.map(() => ({ label: 'sub-1', kind: 'flow-run' as const })),
    ]);
    expect(layoutGraph(apart, new Set()).boxes.filter(({ kind }) => kind === 'fold')).toHaveLength(0);
  });
});

it('lays out ten thousand runs and twenty thousand edges at once', () => {
  const large = aGraph(
    Array.from({ length: 10_000 }, (_, index) => ({
      label: `task${index % 97}-${index}`,
      parents: index < 100 ? [] : [index - 100, index - 97 + (index % 13)].filter((parent) => parent < index),
    })),
  );
  const began = performance.now();
  const layout = layoutGraph(large, everythingOpen(large));
  expect(layout.boxes).toHaveLength(10_000);
  expect(layout.edges.length / 2).toBeGreaterThan(19_000);
  // Takes about a tenth of this; more would say that it has become quadratic.
  expect(performance.now() - began).toBeLessThan(2_000);
});
