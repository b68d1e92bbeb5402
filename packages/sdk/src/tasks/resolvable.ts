import type { State } from '../states/state.ts';
import type { Annotation } from './annotations.ts';
import type { Future } from './future.ts';

/** An input in which any value may still be a future (or the state of a run) of the right type. */
export type Resolvable<T> = T | Future<T> | State<T> | Annotation<T> | ResolvableInside<T>;

type Whole =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | URL
  | Uint8Array
  | ((...args: never) => unknown);

type ResolvableInside<T> = T extends Whole
  ? never
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Resolvable<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: Resolvable<T[K]> }
      : never;

/** The arguments of a call: the input may be left out where there is none, or where all of it is optional. */
export type InputArguments<I, Rest extends unknown[] = []> = unknown extends I
  ? [input?: unknown, ...rest: Rest]
  : [I] extends [undefined | null]
    ? [input?: I, ...rest: Rest]
    : Record<never, never> extends I
      ? [input?: Resolvable<I>, ...rest: Rest]
      : [input: Resolvable<I>, ...rest: Rest];

/** What a caller gets of what a body returned: the values behind futures and states. */
export type Returned<R> =
  R extends Future<infer T>
    ? T
    : R extends State<infer T>
      ? T
      : R extends readonly (Future<infer T> | State<infer T>)[]
        ? T[]
        : R;
