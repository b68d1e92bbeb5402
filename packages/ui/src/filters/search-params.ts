/** Search params as plain text: a repeated name is a list. No JSON, so that a URL can be read and typed. */
export type RawSearch = Record<string, string | string[]>;

export function parseSearch(text: string): RawSearch {
  const found: RawSearch = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name];
    found[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return found;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined && item !== null && item !== '') params.append(name, String(item));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** All values of a param; none when it is absent. */
export function listOf(raw: unknown): string[] {
  if (typeof raw === 'string') return raw === '' ? [] : [raw];
  return Array.isArray(raw) ? raw.filter((item): item is string => typeof item === 'string' && item !== '') : [];
}

/** The first value of a param. */
export function textOf(raw: unknown): string | undefined {
  return listOf(raw)[0];
}

/** The value of a param if it is one of `choices`. */
export function oneOf<Choice extends string>(raw: unknown, choices: readonly Choice[]): Choice | undefined {
  const text = textOf(raw);
  return choices.find((choice) => choice === text);
}
