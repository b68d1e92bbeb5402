import { describe, expect, it } from 'vitest';
import { readTable } from './table.ts';

describe('the data of a table artifact', () => {
  it.each([
    [
      'objects',
      [{ a: 1 }, { a: 2, b: 3 }],
      {
        columns: ['a', 'b'],
        rows: [
          [1, ''],
          [2, 3],
        ],
      },
    ],
    [
      'lists',
      [
        [1, 2],
        [3, 4],
      ],
      {
        columns: ['1', '2'],
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
    ],
    [
      'columns',
      { a: [1, 2], b: [3] },
      {
        columns: ['a', 'b'],
        rows: [
          [1, 3],
          [2, ''],
        ],
      },
    ],
    ['JSON text', '[{"a":1}]', { columns: ['a'], rows: [[1]] }],
  ])('is read from %s', (_, data, table) => expect(readTable(data)).toEqual(table));

  it.each([
    ['a number', 5],
    ['text', 'hello'],
    ['a mixed list', [1, { a: 1 }]],
    ['an object of scalars', { a: 1 }],
  ])('is not read from %s', (_, data) => expect(readTable(data)).toBeUndefined());
});
