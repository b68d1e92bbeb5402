/** Where a value stands in a request: `body`, `query` or `path`, then keys and indexes. */
export type Location = readonly (string | number)[];

/** One thing that is wrong with a request, in the form that the API reports it. */
export interface ValidationIssue {
  readonly type: string;
  readonly loc: Location;
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

/** Names alternatives as people list them: `'a', 'b' or 'c'`. */
export function listAlternatives(values: readonly unknown[]): string {
  const quoted = values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
