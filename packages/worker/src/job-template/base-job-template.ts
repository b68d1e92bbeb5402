/** A property of a pool's variables: JSON schema, as a form in the dashboard shows it. */
export type VariableSchema = Readonly<Record<string, unknown>>;

/** What a type of worker lets its users set, and where the values go. */
export interface JobVariables {
  readonly properties: Readonly<Record<string, VariableSchema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, VariableSchema>>;
  /** Where the values go. Default: each variable under its own name. */
  readonly jobConfiguration?: Readonly<Record<string, unknown>>;
}

const COMMON_PROPERTIES = {
  name: {
    anyOf: [{ type: 'string' }, { type: 'null' }],
    default: null,
    title: 'Name',
    description: 'Name of the infrastructure that is created for a run.',
  },
  env: {
    additionalProperties: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    title: 'Environment Variables',
    description: 'Environment variables of the run.',
    type: 'object',
  },
  labels: {
    additionalProperties: { type: 'string' },
    title: 'Labels',
    description: 'Labels put on the infrastructure.',
    type: 'object',
  },
  command: {
    anyOf: [{ type: 'string' }, { type: 'null' }],
    default: null,
    title: 'Command',
    description: 'Command that executes the run. In most cases it is best left to the worker.',
  },
} as const satisfies Record<string, VariableSchema>;

/**
 * Declares the variables of a type of worker. `name`, `env`, `labels` and `command` are there by themselves.
 *
 * @example defineVariables({ properties: { image: { type: 'string', title: 'Image' } } })
 */
export function defineVariables(variables: JobVariables): JobVariables {
  return { ...variables, properties: { ...COMMON_PROPERTIES, ...variables.properties } };
}

/** The base job template of a type of worker, as a new pool gets it. */
export function baseJobTemplate(variables: JobVariables): Record<string, unknown> {
  const { properties, required, definitions } = variables;
  const names = Object.keys(properties);
  return {
    job_configuration: variables.jobConfiguration ?? Object.fromEntries(names.map((name) => [name, `{{ ${name} }}`])),
    variables: {
      type: 'object',
      properties,
      ...(required && required.length > 0 ? { required } : {}),
      ...(definitions ? { definitions } : {}),
    },
  };
}
