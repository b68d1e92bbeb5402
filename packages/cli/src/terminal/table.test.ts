import { expect, test } from 'vitest';
import { displayWidth, layOutTable } from './table.ts';

const plain = { bold: (text: string) => text, dim: (text: string) => text };
const columns = [
  { title: 'Name', cell: ({ name }: { name: string; count: number | null }) => name },
  { title: 'Count', align: 'right' as const, cell: ({ count }: { name: string; count: number | null }) => count },
];

test('columns are as wide as what is in them, wide characters counted double', () => {
  const rows = [
    { name: '数据', count: 5 },
    { name: 'a', count: null },
  ];
  expect(layOutTable(rows, columns, plain, undefined)).toEqual(['Name  Count', '────  ─────', '数据      5', 'a']);
});

test('a table too wide for the terminal gives up the ends of its longest texts', () => {
  const lines = layOutTable([{ name: 'x'.repeat(50), count: 1 }], columns, plain, 30);
  expect(lines.map(displayWidth)).toEqual([30, 30, 30]);
  expect(lines[2]).toMatch(/^x+… +1$/);
});

test('what could move the cursor of a terminal does not get there', () => {
  const [, , line] = layOutTable([{ name: 'a\u001b[2Jb\nc\u0007', count: 1 }], columns, plain, undefined);
  expect(line).toBe('ab c       1');
});
