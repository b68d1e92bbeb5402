/** How the two databases spell what the rows are made of. All of it is plain SQL over the number of a row. */
export interface Spelling {
  /** Numbers from `first` to `last` as the table `n (i)`; stands before INSERT. */
  series(first: number, last: number): string;
  /** The id of the `i`-th row of a kind that was made at a time (microseconds), in the order of both. */
  id(kind: number, i: string, micros: string): string;
  /** The time (microseconds) as it stands in documents. */
  timestamp(micros: string): string;
  text(expression: string): string;
  json(expression: string): string;
}

export const SPELLINGS: Readonly<Record<'sqlite' | 'postgres', Spelling>> = {
  sqlite: {
    series: (first, last) => `WITH RECURSIVE n (i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${last})`,
    id: (kind, i, micros) =>
      `printf('%08x-%04x-7%03x-8%03x-%012x', ((${micros}) / 1000) >> 16, ((${micros}) / 1000) & 65535, (${i}) % 4096, ${kind}, ${i})`,
    timestamp: (micros) => `strftime('%Y-%m-%dT%H:%M:%SZ', (${micros}) / 1000000, 'unixepoch')`,
    text: (expression) => `cast(${expression} as text)`,
    json: (expression) => expression,
  },
  postgres: {
    series: (first, last) => `WITH n (i) AS (SELECT generate_series(${first}::bigint, ${last}::bigint))`,
    id: (kind, i, micros) =>
      `(${hex(`((${micros}) / 1000) >> 16`, 8)} || '-' || ${hex(`((${micros}) / 1000) & 65535`, 4)} || '-7' || ${hex(`(${i}) % 4096`, 3)} || '-8' || ${hex(`${kind}::bigint`, 3)} || '-' || ${hex(i, 12)})::uuid`,
    timestamp: (micros) => `to_char(to_timestamp((${micros}) / 1000000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
    text: (expression) => `(${expression})::text`,
    json: (expression) => `(${expression})::jsonb`,
  },
};

function hex(expression: string, width: number): string {
  return `lpad(to_hex(${expression}), ${width}, '0')`;
}

/** A number below `below` that looks as if drawn by chance; another `draw` gives another one. */
export function chance(i: string, draw: number, below: number): string {
  return `((((${i}) * 2654435761 + ${draw * 7_919_317}) / 1024 % 1000003 * 7368787 + ${draw}) / 64 % 999983 % ${below})`;
}

/** One of some words, by its place. */
export function word(words: readonly string[], place: string): string {
  const width = Math.max(...words.map(({ length }) => length));
  const all = words.map((text) => text.padEnd(width)).join('');
  return `rtrim(substr('${all}', cast(1 + ${width} * (${place}) as integer), ${width}))`;
}

/** The text of the first condition that holds. */
export function choice(cases: readonly (readonly [condition: string, value: string])[], otherwise: string): string {
  return `case ${cases.map(([condition, value]) => `when ${condition} then ${value}`).join(' ')} else ${otherwise} end`;
}
