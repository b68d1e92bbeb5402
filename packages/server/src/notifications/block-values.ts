import { isJsonObject } from '../json/exact-json.ts';
import type { JsonObject } from '../resources/blocks/schema-fields.ts';

/** A block holds something that a message cannot be sent with. */
export class InvalidBlockError extends Error {
  override readonly name = 'InvalidBlockError';
}

/** Reads what a block document holds: what is stored was never checked against the type's schema. */
export class BlockValues {
  readonly #data: JsonObject;

  constructor(data: JsonObject) {
    this.#data = data;
  }

  /** A text that must be there. */
  text(name: string): string {
    const value = this.optional(name);
    if (value === null || value === '') throw new InvalidBlockError(`'${name}' is missing.`);
    return value;
  }

  optional(name: string): string | null {
    const value = this.#data[name];
    if (value === undefined || value === null) return null;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new InvalidBlockError(`'${name}' should be a text.`);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#data[name];
    return typeof value === 'boolean' ? value : fallback;
  }

  number(name: string, fallback: number): number {
    const value = this.#data[name];
    const number = value === undefined || value === null ? fallback : Number(JSON.stringify(value));
    if (!Number.isFinite(number)) throw new InvalidBlockError(`'${name}' should be a number.`);
    return number;
  }

  texts(name: string): string[] {
    const value = this.#data[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
      throw new InvalidBlockError(`'${name}' should be a list of texts.`);
    return value;
  }

  /** An object whose values are texts; what else is in it is written as JSON. */
  textsByName(name: string): Record<string, string> {
    const value = this.#data[name];
    if (value === undefined || value === null) return {};
    if (!isJsonObject(value)) throw new InvalidBlockError(`'${name}' should be an object.`);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]),
    );
  }

  raw(name: string): unknown {
    return this.#data[name] ?? null;
  }
}
