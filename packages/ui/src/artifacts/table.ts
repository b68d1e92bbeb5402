/** The rows of a table artifact, whatever shape its maker chose: a list of objects, a list of lists, or an object of columns. */
export function readTable(data: unknown): { columns: string[]; rows: unknown[][] } | undefined {
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
