/** What a placeholder refers to. */
export type PlaceholderKind = 'standard' | 'env' | 'block' | 'variable';

export interface Placeholder {
  /** The placeholder as it stands in the text, braces included. */
  readonly text: string;
  readonly name: string;
  readonly kind: PlaceholderKind;
}

const PLACEHOLDER = /\{\{\s*([\p{L}\p{N}_.\-[\]$]+)\s*\}\}/gu;

/** Finds the placeholders of a text in the order they stand there. */
export function findPlaceholders(text: string): Placeholder[] {
  return Array.from(text.matchAll(PLACEHOLDER), ([match, name = '']) => ({ text: match, name, kind: placeholderKind(name) }));
}

function placeholderKind(name: string): PlaceholderKind {
  if (name.startsWith('prefect.blocks.')) return 'block';
  if (name.startsWith('prefect.variables.')) return 'variable';
  return name.startsWith('$') ? 'env' : 'standard';
}

/** The value of a template entry that has none: the entry is left out. */
export const NOT_SET: unique symbol = Symbol('not set');

export interface ApplyOptions {
  /** Whether entries without a value are dropped (default) or left as they are. */
  removeNotSet?: boolean;
  /** Placeholders whose name starts so are left for a later pass. */
  skipPrefixes?: readonly string[];
  env?: Readonly<Record<string, string | undefined>>;
  /** Told the name of each placeholder that has no value. */
  onNotSet?: (name: string) => void;
}

/**
 * Fills the standard and environment placeholders of a template (contract 9.1). Keys are never templated, text that comes from the
 * values is never read again, and references to blocks and variables stay for their own passes.
 */
export function applyValues(template: unknown, values: Readonly<Record<string, unknown>>, options: ApplyOptions = {}): unknown {
  const { removeNotSet = true } = options;
  if (typeof template === 'string') return applyToText(template, values, options);
  if (Array.isArray(template)) {
    return template.map((item) => applyValues(item, values, options)).filter((item) => item !== NOT_SET);
  }
  if (isRecord(template)) {
    const filled: Record<string, unknown> = {};
    for (const [key, entry] of Object.entries(template)) {
      const value = applyValues(entry, values, options);
      if (value !== NOT_SET) filled[key] = value;
      else if (!removeNotSet) filled[key] = entry;
    }
    return filled;
  }
  return template;
}

function applyToText(text: string, values: Readonly<Record<string, unknown>>, options: ApplyOptions): unknown {
  const { removeNotSet = true, skipPrefixes = [], env = process.env, onNotSet } = options;
  const placeholders = findPlaceholders(text).filter(({ name }) => !skipPrefixes.some((prefix) => name.startsWith(prefix)));
  const [first] = placeholders;
  if (first === undefined) return text;
  if (first.text === text && first.kind === 'standard') {
    const value = lookUp(values, first.name);
    if (value === NOT_SET) onNotSet?.(first.name);
    return value;
  }
  let filled = text;
  for (const placeholder of placeholders) {
    if (placeholder.kind !== 'standard' && placeholder.kind !== 'env') continue;
    const value = placeholder.kind === 'env' ? (env[placeholder.name.slice(1)] ?? NOT_SET) : lookUp(values, placeholder.name);
    if (value === NOT_SET) onNotSet?.(placeholder.name);
    if (value !== NOT_SET) filled = filled.replaceAll(placeholder.text, () => toText(value));
    else if (removeNotSet) filled = filled.replaceAll(placeholder.text, '');
  }
  return filled;
}

/** Reads `a.b[0].c` out of a value. */
export function lookUp(values: unknown, path: string): unknown {
  let value = values;
  for (const key of path.match(/[^.[\]]+/g) ?? []) {
    if (Array.isArray(value) && /^\d+$/.test(key) && Number(key) < value.length) value = value[Number(key)];
    else if (isRecord(value) && Object.hasOwn(value, key)) value = value[key];
    else return NOT_SET;
  }
  return value;
}

/** How a value looks inside a longer text: scalars as Python clients write them, so that both give the same text; the rest as JSON. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
