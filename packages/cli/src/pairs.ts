import { UsageError } from './errors.ts';

/** Reads `name=value` words; a value that is JSON becomes what it says, any other stays text. */
export function readPairs(words: readonly string[], option: string): Record<string, unknown> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1) throw new UsageError(`${option} '${word}' is not of the form name=value.`);
      return [word.slice(0, at), jsonOrText(word.slice(at + 1))];
    }),
  );
}

/** Reads a JSON object given as an option. */
export function readJsonObject(text: string, option: string): Record<string, unknown> {
  const value = jsonOrText(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${option} must be a JSON object, for example '{"name": "value"}'.`);
  }
  return { ...value };
}

/** Job variables come as `name=value` or as JSON objects; later ones win. */
export function readJobVariables(words: readonly string[]): Record<string, unknown> {
  const each = words.map((word) =>
    word.trimStart().startsWith('{') ? readJsonObject(word, '--job-variable') : readPairs([word], '--job-variable'),
  );
  return Object.assign({}, ...each);
}

/** What a text says as JSON, or the text itself. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
