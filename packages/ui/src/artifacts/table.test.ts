import { describe, expect, it } from 'vitest';
import { csvOf, readTable, wantedRows } from './table.ts';

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

describe('a table on the page', () => {
  const rows = [
    ['b', 10],
    ['a', 9],
    ['Á', null],
  ];

  it('is searched whatever the case', () => expect(wantedRows(rows, 'B', undefined)).toEqual([['b', 10]]));

  it('is put in order by numbers and by words', () => {
    expect(wantedRows(rows.slice(0, 2), '', { column: 1, descending: false })).toEqual([
      ['a', 9],
      ['b', 10],
    ]);
    expect(wantedRows(rows.slice(0, 2), '', { column: 0, descending: true })[0]).toEqual(['b', 10]);
  });

  it('is saved so that spreadsheets run nothing of it', () => {
    const table = {
      columns: ['x', 'y'],
      rows: [
        ['=1+1', 'a "b", c'],
        [-3, { deep: 1 }],
      ],
    };
    expect(csvOf(table)).toBe(`x,y\r\n'=1+1,"a ""b"", c"\r\n-3,"{""deep"":1}"\r\n`);
  });
});
