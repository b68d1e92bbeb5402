import { pythonJson } from '../json/python-json.ts';
import { areEqual, compared, isTruthy, itemsOf, memberOf, plainOf, printed, TemplateObject } from './values.ts';

/** What stands behind `|`. */
export type Filter = (value: unknown, args: readonly unknown[]) => unknown;

const text = (change: (value: string, args: readonly unknown[]) => unknown): Filter => {
  return (value, args) => change(printed(value), args);
};

/** What stands behind `|` in templates. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  default: (value, [fallback = '', falsy]) => (value === undefined || (falsy === true && !isTruthy(value)) ? fallback : value),
  d: (value, args) => FILTERS.default?.(value, args),
  upper: text((value) => value.toUpperCase()),
  lower: text((value) => value.toLowerCase()),
  capitalize: text((value) => value.slice(0, 1).toUpperCase() + value.slice(1).toLowerCase()),
  title: text((value) =>
    value.toLowerCase().replaceAll(/(^|[^\p{L}\p{N}'])(\p{L})/gu, (_, before, letter) => before + letter.toUpperCase()),
  ),
  trim: text((value) => value.trim()),
  striptags: text((value) =>
    value
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ),
  escape: text((value) => value.replaceAll(/[&<>'"]/g, (character) => HTML[character] ?? character)),
  e: (value, args) => FILTERS.escape?.(value, args),
  safe: (value) => value,
  string: text((value) => value),
  wordcount: text((value) => value.split(/\s+/).filter((word) => word !== '').length),
  truncate: text((value, [length = 255, killWords = false, end = '...', leeway = 5]) => {
    const most = Number(length);
    if (value.length <= most + Number(leeway)) return value;
    const cut = value.slice(0, Math.max(0, most - String(end).length));
    const space = cut.lastIndexOf(' ');
    return (killWords === true || space < 0 ? cut : cut.slice(0, space)) + String(end);
  }),
  replace: text((value, [from, to]) => (printed(from) === '' ? value : value.replaceAll(printed(from), () => printed(to)))),
  indent: text((value, [width = 4, first = false]) => {
    const space = typeof width === 'number' ? ' '.repeat(Math.min(width, 100)) : printed(width);
    return (first === true ? space : '') + value.replaceAll(/\n(?=[^\n])/g, `\n${space}`);
  }),
  urlencode: text((value) => encodeURIComponent(value).replaceAll('%2F', '/')),
  int: (value, [fallback = 0]) =>
    Number.isFinite(Number.parseFloat(printed(value))) ? Math.trunc(Number.parseFloat(printed(value))) : fallback,
  float: (value, [fallback = 0]) =>
    Number.isFinite(Number.parseFloat(printed(value))) ? Number.parseFloat(printed(value)) : fallback,
  abs: (value) => Math.abs(Number(value)),
  round: (value, [digits = 0]) => Math.round(Number(value) * 10 ** Number(digits)) / 10 ** Number(digits),
  length: (value) => itemsOf(value).length,
  count: (value) => itemsOf(value).length,
  list: (value) => itemsOf(value),
  first: (value) => itemsOf(value)[0],
  last: (value) => itemsOf(value).at(-1),
  join: (value, [separator = '', attribute]) =>
    itemsOf(value)
      .map((item) => printed(attribute === undefined ? item : memberOf(item, attribute)))
      .join(printed(separator)),
  sort: (value, [reverse]) => itemsOf(value).toSorted((a, b) => (compared(a, b) ?? 0) * (reverse === true ? -1 : 1)),
  reverse: (value) => (typeof value === 'string' ? [...value].reverse().join('') : itemsOf(value).toReversed()),
  unique: (value) => itemsOf(value).filter((item, index, all) => all.findIndex((other) => areEqual(item, other)) === index),
  sum: (value) => itemsOf(value).reduce<number>((sum, item) => sum + Number(item), 0),
  min: (value) => itemsOf(value).reduce((least, item) => ((compared(item, least) ?? 0) < 0 ? item : least), itemsOf(value)[0]),
  max: (value) => itemsOf(value).reduce((most, item) => ((compared(item, most) ?? 0) > 0 ? item : most), itemsOf(value)[0]),
  map: (value, [attribute]) => itemsOf(value).map((item) => memberOf(item, attribute)),
  items: (value) => {
    const plain = value instanceof TemplateObject ? value.plain() : value;
    return typeof plain === 'object' && plain !== null ? Object.entries(plain) : [];
  },
  tojson: (value, [indent]) => safeJson(plainOf(value), typeof indent === 'number' ? indent : undefined),
  flow_run_id: text((value) => /flow-run\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i.exec(value)?.[1] ?? null),
};

/** What stands behind `is`. */
export const TESTS: Readonly<Record<string, (value: unknown, args: readonly unknown[]) => boolean>> = {
  defined: (value) => value !== undefined,
  undefined: (value) => value === undefined,
  none: (value) => value === null,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  true: (value) => value === true,
  false: (value) => value === false,
  mapping: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  iterable: (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
  sequence: (value) => typeof value === 'string' || Array.isArray(value),
  odd: (value) => Math.abs(Number(value)) % 2 === 1,
  even: (value) => Number(value) % 2 === 0,
  divisibleby: (value, [by]) => Number(value) % Number(by) === 0,
  eq: (value, [other]) => areEqual(value, other),
  equalto: (value, [other]) => areEqual(value, other),
  ne: (value, [other]) => !areEqual(value, other),
  in: (value, [container]) => itemsOf(container).some((item) => areEqual(item, value)),
};

/** Methods that only read. */
export const METHODS: Readonly<Record<string, Filter>> = {
  upper: text((value) => value.toUpperCase()),
  lower: text((value) => value.toLowerCase()),
  strip: text((value) => value.trim()),
  title: (value, args) => FILTERS.title?.(value, args),
  capitalize: (value, args) => FILTERS.capitalize?.(value, args),
  replace: (value, args) => FILTERS.replace?.(value, args),
  startswith: text((value, [start]) => value.startsWith(printed(start))),
  endswith: text((value, [end]) => value.endsWith(printed(end))),
  split: text((value, [separator]) =>
    separator === undefined ? value.split(/\s+/).filter((word) => word !== '') : value.split(printed(separator)),
  ),
  join: (value, [items]) => itemsOf(items).map(printed).join(printed(value)),
  get: (value, [key, fallback = null]) => memberOf(value, key) ?? fallback,
  keys: (value) => itemsOf(value),
  values: (value) => itemsOf(value).map((key) => memberOf(value, key)),
  items: (value, args) => FILTERS.items?.(value, args),
};

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };
const JSON_ESCAPES: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' };

/** JSON with its keys in order, that may stand in HTML. */
function safeJson(value: unknown, indent: number | undefined): string {
  const json = indent === undefined ? pythonJson(sorted(value)) : JSON.stringify(sorted(value), null, indent);
  return json.replaceAll(/[<>&']/g, (character) => JSON_ESCAPES[character] ?? character);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
