import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFreePriority, renumber } from './priorities.ts';

const queues = (...priorities: number[]) => priorities.map((priority, index) => ({ id: `q${index}`, priority }));

describe('renumbering queues', () => {
  it('changes nothing where nothing collides', () => {
    expect(renumber(queues(1, 4, 9), 'q1')).toEqual([]);
  });

  it('puts the queue that moved before the one whose place it takes', () => {
    expect(renumber(queues(1, 2, 1), 'q2')).toEqual([
      { id: 'q0', priority: 2 },
      { id: 'q1', priority: 3 },
    ]);
  });

  it('stops at the first gap', () => {
    expect(renumber(queues(2, 3, 7, 2), 'q3')).toEqual([
      { id: 'q0', priority: 3 },
      { id: 'q1', priority: 4 },
    ]);
  });

  it('leaves distinct priorities, the others in their order, and the moved queue where it wanted to be', () => {
    const others = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 12 });
    fc.assert(
      fc.property(others, fc.integer({ min: 1, max: 35 }), (priorities, wanted) => {
        const before = [...queues(...priorities), { id: 'moved', priority: wanted }];
        const changed = new Map(renumber(before, 'moved').map(({ id, priority }) => [id, priority]));
        const after = before.map(({ id, priority }) => ({ id, priority: changed.get(id) ?? priority }));
        expect(new Set(after.map(({ priority }) => priority)).size).toBe(after.length);
        expect(after.at(-1)).toEqual({ id: 'moved', priority: wanted });
        const inOrder = (list: typeof before) =>
          list
            .filter(({ id }) => id !== 'moved')
            .toSorted((a, b) => a.priority - b.priority)
            .map(({ id }) => id);
        expect(inOrder(after)).toEqual(inOrder(before));
      }),
    );
  });
});

describe('the first free priority', () => {
  it('fills the first gap', () => {
    expect(firstFreePriority([])).toBe(1);
    expect(firstFreePriority(queues(1, 2, 4))).toBe(3);
  });
});
