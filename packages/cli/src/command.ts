import { UsageError } from './errors.ts';
import type { Session } from './session.ts';

/** A word that follows the command. */
export interface ArgumentSpec<T> {
  readonly meaning: string;
  readonly required: boolean;
  readonly many: boolean;
  read(text: string): T;
}

/** An option of a command. */
export interface OptionSpec<T> {
  /** As commander writes it: `-p, --pool <name>`. */
  readonly flags: string;
  readonly meaning: string;
  readonly required: boolean;
  readonly many: boolean;
  readonly fallback: T;
  /** Words that it may be. */
  readonly choices?: readonly string[];
  /** Absent on flags. */
  read?(text: string): unknown;
}

type Specs = Readonly<Record<string, { readonly meaning: string }>>;
type ValueOf<S> = S extends OptionSpec<infer T> ? T : S extends ArgumentSpec<infer T> ? T : never;
type Values<S> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** What a command is given when it runs. */
export interface Invocation<A, O> {
  readonly args: Values<A>;
  readonly options: Values<O>;
  readonly session: Session;
}

/** A command with its types forgotten, as the program holds it. */
export interface Command {
  readonly summary: string;
  readonly arguments: Readonly<Record<string, ArgumentSpec<unknown>>>;
  readonly options: Readonly<Record<string, OptionSpec<unknown>>>;
  run(invocation: Invocation<Record<string, ArgumentSpec<unknown>>, Record<string, OptionSpec<unknown>>>): Promise<void>;
}

/** Commands under one word: `prefect work-pool …`. */
export interface Group {
  readonly commands: Readonly<Record<string, Command | Group>>;
  readonly summary?: string;
  /** Other words for it, where it is a group in a group. */
  readonly aliases?: readonly string[];
  /** Words that other installations have here, with what to do in their place. Not listed. */
  readonly absent?: Readonly<Record<string, string>>;
}

interface Definition<A extends Specs, O extends Specs> {
  readonly summary: string;
  readonly arguments?: A;
  readonly options?: O;
  run(invocation: Invocation<A, O>): Promise<void>;
}

/** Declares a command; the types of its arguments and options reach `run`. */
export function command<
  A extends Record<string, ArgumentSpec<unknown>> = Record<never, never>,
  O extends Record<string, OptionSpec<unknown>> = Record<never, never>,
>(definition: Definition<A, O>): Command {
  // The program reads the values by these very specs, so the forgotten types come back as they were.
  const run = definition.run as unknown as Command['run'];
  return { summary: definition.summary, arguments: definition.arguments ?? {}, options: definition.options ?? {}, run };
}

export function isGroup(entry: Command | Group): entry is Group {
  return 'commands' in entry;
}

export function argument(meaning: string): ArgumentSpec<string>;
export function argument<T>(meaning: string, read: (text: string) => T): ArgumentSpec<T>;
export function argument(meaning: string, read: (text: string) => unknown = String): ArgumentSpec<unknown> {
  return { meaning, required: true, many: false, read };
}

export function optionalArgument(meaning: string): ArgumentSpec<string | undefined> {
  return { meaning, required: false, many: false, read: String };
}

export function manyArguments(meaning: string): ArgumentSpec<readonly string[]> {
  return { meaning, required: true, many: true, read: (text) => [text] };
}

export function optionalArguments(meaning: string): ArgumentSpec<readonly string[]> {
  return { ...manyArguments(meaning), required: false };
}

/** An option with a text, `undefined` when it is not given. */
export function text(flags: string, meaning: string): OptionSpec<string | undefined> {
  return value(flags, meaning, String);
}

/** An option whose text is read into something else. */
export function value<T>(flags: string, meaning: string, read: (text: string) => T): OptionSpec<T | undefined> {
  return { flags, meaning, required: false, many: false, fallback: undefined, read };
}

/** An option with a value when it is not given. */
export function withDefault<T>(spec: OptionSpec<T | undefined>, fallback: T): OptionSpec<T> {
  return { ...spec, fallback };
}

/** An option that must be given. */
export function needed<T>(spec: OptionSpec<T | undefined>): OptionSpec<T> {
  return { ...spec, required: true } as OptionSpec<T>;
}

/** An option that may be given several times. */
export function many(flags: string, meaning: string): OptionSpec<readonly string[]> {
  return { flags, meaning, required: false, many: true, fallback: [], read: String };
}

export function choice<const W extends string>(flags: string, meaning: string, words: readonly W[]): OptionSpec<W | undefined> {
  return { ...value(flags, meaning, (word) => word as W), choices: words };
}

/** A switch that is off until it is given. */
export function flag(flags: string, meaning: string): OptionSpec<boolean> {
  return { flags, meaning, required: false, many: false, fallback: false };
}

/** A switch with both sides, `--x` and `--no-x`; `undefined` when neither is given. */
export function toggle(name: string, meaning: string): OptionSpec<boolean | undefined>;
export function toggle(name: string, meaning: string, fallback: boolean): OptionSpec<boolean>;
export function toggle(name: string, meaning: string, fallback?: boolean): OptionSpec<boolean | undefined> {
  return { flags: `--[no-]${name}`, meaning, required: false, many: false, fallback };
}

/** `-o json` of commands that list or show. */
export function output(): OptionSpec<'json' | undefined> {
  return choice('-o, --output <format>', 'Print JSON', ['json'] as const);
}

export function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text.trim())) throw new UsageError(`'${text}' is not a whole number.`);
  return Number(text);
}

export function positive(text: string): number {
  const number = integer(text);
  if (number < 1) throw new UsageError(`'${text}' must be at least 1.`);
  return number;
}

export function notNegative(text: string): number {
  const number = decimal(text);
  if (number < 0) throw new UsageError(`'${text}' must not be negative.`);
  return number;
}

export function wholeNotNegative(text: string): number {
  return notNegative(String(integer(text)));
}

export function decimal(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw new UsageError(`'${text}' is not a number.`);
  return number;
}

export function uuid(text: string): string {
  if (!/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(text)) throw new UsageError(`'${text}' is not an id (a UUID).`);
  return text.toLowerCase();
}
