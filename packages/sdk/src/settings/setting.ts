import { type Kind, text } from './kinds.ts';

/** One row of the table of settings: everything that is known about a setting, in one place. */
export interface Setting<T = unknown> {
  readonly kind: Kind<unknown>;
  /** The value when no source gives one; a function where it follows from other settings. */
  readonly default: T | ((known: KnownSettings) => T);
  /** One line for people: what it changes. */
  readonly meaning: string;
  /** Older names that still work; the canonical name wins within one source. */
  readonly aliases: readonly string[];
  /** Shown as `********` unless asked for. */
  readonly secret: boolean;
}

/** What a default may be computed from. */
export interface KnownSettings {
  /** Absolute path of `PREFECT_HOME`. */
  readonly home: string;
  /** The text value of another setting, or `null`. */
  text(name: string): string | null;
}

interface Options {
  readonly aliases?: readonly string[];
  readonly secret?: boolean;
}

/** A setting that always has a value. */
export function setting<T>(
  kind: Kind<T>,
  fallback: NoInfer<T> | ((known: KnownSettings) => NoInfer<T>),
  meaning: string,
  options: Options = {},
): Setting<T> {
  return { kind, default: fallback, meaning, aliases: options.aliases ?? [], secret: options.secret ?? false };
}

/** A setting that is `null` until a source gives it. */
export function optional<T>(kind: Kind<T>, meaning: string, options: Options = {}): Setting<T | null> {
  return setting<T | null>(kind, null, meaning, options);
}

/** A secret text that is `null` until a source gives it. */
export function secret(meaning: string, options: Options = {}): Setting<string | null> {
  return optional(text, meaning, { ...options, secret: true });
}
