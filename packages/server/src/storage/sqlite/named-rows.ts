/**
 * Gives the values of a row their names. Objects that SQLite's binding makes itself cost three times as much, and so does every look into
 * them: the engine keeps them as dictionaries, while these all share one shape.
 */
export function namedRow(columns: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index += 1) row[columns[index] as string] = values[index];
  return row;
}
