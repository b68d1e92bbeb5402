/** A search for texts, as people type it. All texts are lower case. */
export interface TextQuery {
  /** At least one of these occurs, where there are any. */
  readonly some: readonly string[];
  /** All of these occur. */
  readonly required: readonly string[];
  /** None of these occurs. */
  readonly excluded: readonly string[];
}

const TERM = /([-!+]?)(?:"((?:\\["\\]|[^"])*)(?:"|$)|([^\s"]+))/g;

/**
 * Reads a search: plain terms of which one must occur, `-term` or `!term` that must not, `+term` that must, and phrases in quotes.
 * Contract: events 4.6.
 */
export function parseTextQuery(query: string): TextQuery {
  const some: string[] = [];
  const required: string[] = [];
  const excluded: string[] = [];
  for (const [, sign = '', phrase, word] of query.toLowerCase().matchAll(TERM)) {
    const term = phrase === undefined ? (word ?? '') : phrase.replaceAll(/\\(["\\])/g, '$1');
    // A sign with nothing behind it asks for nothing.
    if (term === '' || (sign === '' && /^[-!+]$/.test(term))) continue;
    (sign === '' ? some : sign === '+' ? required : excluded).push(term);
  }
  return { some, required, excluded };
}

/** Tells whether a text is what a search looks for. */
export function matchesText({ some, required, excluded }: TextQuery, text: string): boolean {
  const haystack = text.toLowerCase();
  return (
    (some.length === 0 || some.some((term) => haystack.includes(term))) &&
    required.every((term) => haystack.includes(term)) &&
    !excluded.some((term) => haystack.includes(term))
  );
}
