import type { Location, ValidationIssue } from './validation-error.ts';

/** One reading of a value: where in it the readers are, and what they found wrong. */
export class Reading {
  /** Changed in place on the way down and up: to write it anew for each member would cost more than to check most of them. */
  readonly #path: (string | number)[];
  readonly issues: ValidationIssue[] = [];

  constructor(path: Location) {
    this.#path = [...path];
  }

  /** Goes down to a member; each is followed by {@link leave}. */
  enter(key: string | number): void {
    this.#path.push(key);
  }

  leave(): void {
    this.#path.pop();
  }

  /** Notes that the value at this place is wrong. */
  report(type: string, msg: string, input: unknown, ctx?: Readonly<Record<string, unknown>>): undefined {
    const loc = [...this.#path];
    this.issues.push(ctx ? { type, loc, msg, input, ctx } : { type, loc, msg, input });
    return undefined;
  }

  /** Another reading of the same value, whose findings count only if this one takes them over. */
  attempt(tag: string): Reading {
    return new Reading([...this.#path, tag]);
  }
}

/** Checks one value, reports what is wrong with it, and returns its canonical form. `strict` forbids coercion. */
export type Reader = (value: unknown, reading: Reading, strict: boolean) => unknown;
