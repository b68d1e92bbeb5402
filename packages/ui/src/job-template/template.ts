import type { Schema } from '../schema-form/schema.ts';

/** What a work pool starts for a run, with `{{ name }}` where a variable goes, and the variables with their defaults. */
export interface JobTemplate {
  job_configuration: Record<string, unknown>;
  variables: Schema;
}

/** Placeholders that the server or a worker fills in by itself. */
const ALWAYS_KNOWN = /^(prefect\.|\$|ctx\.)/;

/** Reads a template as a pool carries it; what is not there is empty. */
export function templateOf(value: unknown): JobTemplate {
  const template = isObject(value) ? value : {};
  return {
    ...template,
    job_configuration: isObject(template.job_configuration) ? template.job_configuration : {},
    variables: isObject(template.variables) ? template.variables : { type: 'object', properties: {} },
  };
}

/** The defaults that the variables of a template have. */
export function defaultsOf({ variables }: JobTemplate): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables.properties ?? {}).flatMap(([name, schema]) =>
      schema.default === undefined ? [] : [[name, schema.default]],
    ),
  );
}

/** The template with other defaults; a value of `undefined` leaves that of the template. */
export function withDefaults(template: JobTemplate, values: Record<string, unknown>): JobTemplate {
  const properties = Object.fromEntries(
    Object.entries(template.variables.properties ?? {}).map(([name, schema]) => {
      const value = values[name];
      return [name, value === undefined ? schema : { ...schema, default: value }];
    }),
  );
  return { ...template, variables: { ...template.variables, properties } };
}

/** Where each variable is used: the members of the job whose texts name it. */
export function usesOf({ job_configuration, variables }: JobTemplate): Map<string, string[]> {
  const uses = new Map<string, string[]>(Object.keys(variables.properties ?? {}).map((name) => [name, []]));
  for (const [place, name] of placeholders(job_configuration, '')) {
    const places = uses.get(name) ?? [];
    if (!places.includes(place)) uses.set(name, [...places, place]);
  }
  return uses;
}

/** What somebody should look at again before the template is saved. */
export function templateProblems(template: JobTemplate): string[] {
  const known = new Set(Object.keys(template.variables.properties ?? {}));
  return [...usesOf(template)].flatMap(([name, places]) => {
    if (!known.has(name))
      return ALWAYS_KNOWN.test(name) ? [] : [`${places.join(', ')} uses {{ ${name} }}, which is no variable.`];
    return places.length === 0 ? [`The variable ${name} is used nowhere.`] : [];
  });
}

function placeholders(value: unknown, place: string): [place: string, name: string][] {
  if (typeof value === 'string')
    return [...value.matchAll(/\{\{\s*([^}]+?)\s*\}\}/g)].map(([, name = '']) => [place, name] satisfies [string, string]);
  if (Array.isArray(value)) return value.flatMap((entry, index) => placeholders(entry, `${place}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => placeholders(entry, place === '' ? key : `${place}.${key}`));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
