import type { Future } from './future.ts';

const BRAND = Symbol.for('prefect-ts.annotation');

/** How a value of an input is to be treated. The type parameter is what the body sees. */
export interface Annotation<T> {
  readonly [BRAND]: 'quote' | 'opaque' | 'allowFailure';
  readonly value: unknown;
  /** Only for the type checker. */
  readonly seenAs?: T;
}

/** Hands a value to the body as it is: nothing inside is waited for, resolved or tracked. */
export function quote<T>(value: T): Annotation<T> {
  return { [BRAND]: 'quote', value };
}

/** Resolves a future, but does not look inside what it gives. */
export function opaque<T>(value: Future<T> | T): Annotation<T> {
  return { [BRAND]: 'opaque', value };
}

/** Lets the body run also when the upstream run failed; the body then sees its error. */
export function allowFailure<T>(value: Future<T>): Annotation<T | Error> {
  return { [BRAND]: 'allowFailure', value };
}

/** The kind of annotation, undefined for any other value. */
export function annotationKind(value: unknown): Annotation<unknown>[typeof BRAND] | undefined {
  return typeof value === 'object' && value !== null && BRAND in value ? (value as Annotation<unknown>)[BRAND] : undefined;
}
