import type { VariableSchema } from './base-job-template.ts';

type Extra = VariableSchema & { readonly default?: unknown };

export const text = (description: string, extra: Extra = {}): VariableSchema => ({ type: 'string', description, ...extra });
export const integer = (description: string, extra: Extra = {}): VariableSchema => ({ type: 'integer', description, ...extra });
export const number = (description: string, extra: Extra = {}): VariableSchema => ({ type: 'number', description, ...extra });
export const flag = (description: string, preset: boolean, extra: Extra = {}): VariableSchema => ({
  type: 'boolean',
  description,
  default: preset,
  ...extra,
});
export const texts = (description: string, extra: Extra = {}): VariableSchema => ({
  type: 'array',
  items: { type: 'string' },
  description,
  ...extra,
});

/** A value of a shape declared in `definitions`: a block, or an object of fixed keys. */
export const definition = (name: string, description: string, extra: Extra = {}): VariableSchema => ({
  $ref: `#/definitions/${name}`,
  description,
  ...extra,
});

/** The same variable, that may also be null and is null unless set. */
export function optional({ title, description, ...schema }: VariableSchema): VariableSchema {
  return { anyOf: [schema, { type: 'null' }], ...(title !== undefined && { title }), description, default: null };
}

/** Gives each property without a title its name in words. */
export function titled(properties: Readonly<Record<string, VariableSchema>>): Record<string, VariableSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, { title: inWords(name), ...property }]));
}

function inWords(name: string): string {
  return name.replaceAll('_', ' ').replace(/\b\w/g, (letter) => letter.toUpperCase());
}

/** The shape of a block's data, which the dashboard offers documents for. */
export function block(
  title: string,
  slug: string,
  description: string,
  properties: Readonly<Record<string, VariableSchema>>,
  required?: readonly string[],
): VariableSchema {
  return {
    title,
    type: 'object',
    description,
    properties: titled(properties),
    ...(required && { required }),
    block_type_slug: slug,
    block_schema_references: {},
  };
}

/** `{ image: '{{ image }}' }` for each name. */
export function placeholdersFor(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `{{ ${name} }}`]));
}

/** The names of the variables that every type has. */
export const COMMON_NAMES = ['command', 'env', 'labels', 'name'] as const;
