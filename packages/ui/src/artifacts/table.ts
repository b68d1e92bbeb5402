export interface Table {
  columns: string[];
  rows: unknown[][];
}

/** The rows of a table artifact, whatever shape its maker chose: a list of objects, a list of lists, or an object of columns. */
export function readTable(data: unknown): Table | undefined {
  const value = typeof data === 'string' ? parse(data) : data;
  if (Array.isArray(value)) {
    if (value.every(Array.isArray)) {
      const width = Math.max(0, ...value.map((row) => row.length));
      return { columns: Array.from({ length: width }, (_, index) => String(index + 1)), rows: value.map((row) => [...row]) };
    }
    if (!value.every(isRecord)) return undefined;
    const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
    return { columns, rows: value.map((row) => columns.map((column) => row[column] ?? '')) };
  }
  if (!isRecord(value)) return undefined;
  const columns = Object.keys(value);
  const lists = columns.map((column) => value[column]);
  if (!lists.every(Array.isArray)) return undefined;
  const height = Math.max(0, ...lists.map((list) => list.length));
  return { columns, rows: Array.from({ length: height }, (_, index) => lists.map((list) => list[index] ?? '')) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By which column rows are put in order. */
export interface Ordering {
  column: number;
  descending: boolean;
}

/** The rows that hold a text, in the order wanted. Numbers are put in order as numbers. */
export function wantedRows(rows: unknown[][], text: string, order: Ordering | undefined): unknown[][] {
  const needle = text.toLowerCase();
  const found = needle === '' ? rows : rows.filter((row) => row.some((cell) => cellText(cell).toLowerCase().includes(needle)));
  if (!order) return found;
  const sign = order.descending ? -1 : 1;
  return [...found].sort((a, b) => sign * compareCells(a[order.column], b[order.column]));
}

function compareCells(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return cellText(a).localeCompare(cellText(b), 'en', { numeric: true });
}

/** A table as comma-separated values. Cells that a spreadsheet would take for a formula are marked as text. */
export function csvOf({ columns, rows }: Table): string {
  return [columns, ...rows].map((row) => `${row.map((cell) => csvCell(cellText(cell))).join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
