import type { Schema } from '../parameters/index.ts';
import type { BaseJobTemplate } from './base-job-template.ts';

/** What the API tells about one type of work pool. */
export interface WorkerType {
  type: string;
  display_name: string;
  description: string;
  documentation_url: string;
  /** An address, or the picture itself as a `data:` address. */
  logo_url: string;
  install_command: string;
  is_beta: boolean;
  default_base_job_configuration: BaseJobTemplate;
}

interface WorkerTypeParts {
  type: string;
  name: string;
  description: string;
  /** One to three letters and a colour for the picture. */
  logo: readonly [letters: string, colour: string];
  isBeta?: boolean;
  /** The variables after those that every type has. */
  variables: Record<string, Schema>;
  required?: string[];
  definitions?: Record<string, Schema>;
  jobConfiguration: Record<string, unknown>;
}

/** Completes a type from what is its own. */
export function workerType(parts: WorkerTypeParts): WorkerType {
  const properties = Object.entries({ ...COMMON_VARIABLES, ...parts.variables });
  return {
    type: parts.type,
    display_name: parts.name,
    description: parts.description,
    documentation_url: '',
    logo_url: drawLogo(...parts.logo),
    install_command: 'npm install prefect-ts',
    is_beta: parts.isBeta ?? false,
    default_base_job_configuration: {
      job_configuration: parts.jobConfiguration,
      variables: {
        type: 'object',
        properties: Object.fromEntries(properties.map(([name, property]) => [name, { title: titleOf(name), ...property }])),
        ...(parts.required && { required: parts.required }),
        ...(parts.definitions && { definitions: parts.definitions }),
      },
    },
  };
}

function titleOf(name: string): string {
  return name.replaceAll('_', ' ').replace(/\b\w/g, (letter) => letter.toUpperCase());
}

function drawLogo(letters: string, colour: string): string {
  const text = `<text x="32" y="41" font-family="sans-serif" font-size="24" font-weight="bold" text-anchor="middle" fill="white">${letters}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="${colour}"/>${text}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** `{ image: '{{ image }}' }` for each name. */
export function placeholdersFor(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `{{ ${name} }}`]));
}

type Extra = Schema & { default?: unknown };

export const text = (description: string, extra: Extra = {}): Schema => ({ type: 'string', description, ...extra });
export const integer = (description: string, extra: Extra = {}): Schema => ({ type: 'integer', description, ...extra });
export const number = (description: string, extra: Extra = {}): Schema => ({ type: 'number', description, ...extra });
export const flag = (description: string, extra: Extra): Schema => ({ type: 'boolean', description, ...extra });
export const list = (items: Schema, description: string, extra: Extra = {}): Schema => ({
  type: 'array',
  items,
  description,
  ...extra,
});
export const map = (values: Schema, description: string, extra: Extra = {}): Schema => ({
  type: 'object',
  additionalProperties: values,
  description,
  ...extra,
});

/** The same variable, that may also be null and is null unless set. */
export function optional({ title, description, default: preset = null, ...schema }: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }], ...(title !== undefined && { title }), description, default: preset };
}

/** A value of a shape declared in `definitions`: a block, or an object of fixed keys. */
export const definition = (name: string, description: string, extra: Extra = {}): Schema => ({
  $ref: `#/definitions/${name}`,
  description,
  ...extra,
});

/** The shape of a block's data, which the dashboard offers documents for. */
export function block(
  title: string,
  slug: string,
  description: string,
  properties: Record<string, Schema>,
  required?: string[],
): Schema {
  const titled = Object.entries(properties).map(([name, property]) => [name, { title: titleOf(name), ...property }]);
  return {
    title,
    type: 'object',
    description,
    properties: Object.fromEntries(titled),
    ...(required && { required }),
    block_type_slug: slug,
    block_schema_references: {},
  };
}

const COMMON_VARIABLES: Record<string, Schema> = {
  name: optional(text('What the infrastructure of a run is called; the name of the run unless set.')),
  env: map({ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'Environment variables of the run. A null takes a variable away.', {
    title: 'Environment Variables',
  }),
  labels: map({ type: 'string' }, 'Labels put on the infrastructure of a run.'),
  command: optional(text('The command that executes the run. Best left empty: the worker knows it.')),
};

export const COMMON_NAMES = ['command', 'env', 'labels', 'name'] as const;
