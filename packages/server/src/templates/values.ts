import { pythonRepr } from '../parameters/python-repr.ts';

/** What a template is given that is more than plain data: it says itself what its members are and how it reads. */
export abstract class TemplateObject {
  /** Nothing for what is not there. */
  abstract member(name: string): unknown;
  abstract print(): string;
  /** As plain data, for `tojson`. */
  abstract plain(): unknown;
}

/** A member of a value; nothing for what is not there, so that paths through nothing are nothing. */
export function memberOf(value: unknown, key: unknown): unknown {
  if (typeof key === 'string' && key.startsWith('_')) return undefined;
  if (value instanceof TemplateObject) return value.member(String(key));
  if (Array.isArray(value) || typeof value === 'string') {
    const index = Number(key);
    return Number.isInteger(index) ? value.at(index) : undefined;
  }
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, String(key)))
    return (value as Record<string, unknown>)[String(key)];
  return undefined;
}

/** How a value reads in a text. */
export function printed(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (value instanceof TemplateObject) return value.print();
  return pythonRepr(plainOf(value));
}

/** A value without anything of ours. */
export function plainOf(value: unknown): unknown {
  if (value === undefined) return null;
  if (value instanceof TemplateObject) return value.plain();
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainOf(item)]));
  return value;
}

export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof TemplateObject) return value.print() !== '';
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** What a loop goes through: the items of a list, the keys of an object, the characters of a text. */
export function itemsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return [...value];
  const plain = value instanceof TemplateObject ? value.plain() : value;
  return typeof plain === 'object' && plain !== null ? Object.keys(plain) : [];
}

export function areEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  return JSON.stringify(plainOf(left)) === JSON.stringify(plainOf(right));
}

/** Orders numbers and texts; nothing for what has no order. */
export function compared(left: unknown, right: unknown): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  return undefined;
}
