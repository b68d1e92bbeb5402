/** A number that JavaScript would change, in the words in which it was sent; `JSON.stringify` writes them again. */
export interface RawNumber {
  readonly rawJSON: string;
}

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** What the language knows by now and its type declarations do not. */
const exact = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
};

/**
 * Reads JSON so that writing it again gives the same numbers: `1.0` stays a float and `12345678901234567890` keeps its digits, as
 * {@link RawNumber}s. For what other languages read back as they wrote it, or what is hashed by its text.
 */
export function parseExactJson(text: string): unknown {
  return exact.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && isChanged(value, source) ? exact.rawJSON(source) : value,
  );
}

export function isRawNumber(value: unknown): value is RawNumber {
  return exact.isRawJSON(value);
}

/** An object of JSON, neither a list nor a number that looks like one. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);
}

function isChanged(value: number, source: string): boolean {
  if (/[.eE]/.test(source)) return Number.isInteger(value) || String(value) !== source;
  return !Number.isSafeInteger(value);
}
