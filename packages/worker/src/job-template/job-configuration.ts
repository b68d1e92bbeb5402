import { applyValues, isRecord } from './placeholders.ts';
import { type ReferenceSource, resolveReferences } from './references.ts';

/** What every infrastructure needs to know of a run. A worker's own variables stand beside these. */
export interface JobConfiguration {
  /** The command to run; the infrastructure's own way to execute a run when null. */
  command: string | null;
  /** A null value takes the variable out of the environment. */
  env: Record<string, string | null>;
  labels: Record<string, string>;
  name: string | null;
}

/**
 * Lays a flow run's job variables over its deployment's: `env` is merged by name, all else is replaced.
 */
export function mergeJobVariables(
  deployment: Readonly<Record<string, unknown>> | null | undefined,
  flowRun: Readonly<Record<string, unknown>> | null | undefined,
): Record<string, unknown> {
  const merged = { ...deployment, ...flowRun };
  if (isRecord(deployment?.env) && isRecord(flowRun?.env)) merged.env = { ...deployment.env, ...flowRun.env };
  return merged;
}

/**
 * Builds the job configuration of a run from its pool's template (contract 9.2). The environment, from lowest to highest: the template's
 * own, the pool's default, the deployment's, the run's.
 */
export async function buildJobConfiguration(
  baseJobTemplate: Readonly<Record<string, unknown>>,
  jobVariables: Readonly<Record<string, unknown>>,
  references: ReferenceSource,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<JobConfiguration & Record<string, unknown>> {
  const template = readTemplate(baseJobTemplate);
  const variables: Record<string, unknown> = { ...template.defaults };
  const values = nestDottedKeys(jobVariables);
  let baseEnv = template.jobConfiguration.env;
  if (isRecord(variables.env)) {
    if (isRecord(baseEnv)) baseEnv = { ...baseEnv, ...variables.env };
    else if (typeof baseEnv === 'string') baseEnv = variables.env;
  }
  Object.assign(variables, values);
  if (isRecord(baseEnv) && isRecord(values.env)) baseEnv = { ...baseEnv, ...values.env };
  const configuration = baseEnv === undefined ? template.jobConfiguration : { ...template.jobConfiguration, env: baseEnv };
  const filled = await resolveReferences(applyValues(configuration, variables, { env }), references);
  return withDefaults(isRecord(filled) ? filled : {});
}

function readTemplate(baseJobTemplate: Readonly<Record<string, unknown>>) {
  const schema = isRecord(baseJobTemplate.variables) ? baseJobTemplate.variables : {};
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const defaults: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (isRecord(property) && property.default !== undefined && property.default !== null) defaults[name] = property.default;
  }
  return { defaults, jobConfiguration: isRecord(baseJobTemplate.job_configuration) ? baseJobTemplate.job_configuration : {} };
}

/** Makes `{"env.A": 1}` `{env: {A: 1}}`; keys without a dot are laid over and win. */
function nestDottedKeys(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    if (key.includes('.'))
      mergeDeeply(
        nested,
        key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value),
      );
  }
  for (const [key, value] of Object.entries(values)) {
    if (!key.includes('.')) mergeDeeply(nested, { [key]: value });
  }
  return nested;
}

function mergeDeeply(target: Record<string, unknown>, source: unknown): void {
  if (!isRecord(source)) return;
  for (const [key, value] of Object.entries(source)) {
    const present = target[key];
    if (isRecord(present) && isRecord(value)) {
      const copy = { ...present };
      mergeDeeply(copy, value);
      target[key] = copy;
    } else target[key] = value;
  }
}

function withDefaults(filled: Record<string, unknown>): JobConfiguration & Record<string, unknown> {
  return {
    ...filled,
    command: typeof filled.command === 'string' && filled.command !== '' ? filled.command : null,
    env: mapRecord(filled.env, (value) => (value === null ? null : toEnvText(value))),
    labels: mapRecord(filled.labels, String),
    name: typeof filled.name === 'string' && filled.name !== '' ? filled.name : null,
  };
}

function mapRecord<T>(value: unknown, change: (entry: unknown) => T): Record<string, T> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(entry)]));
}

function toEnvText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
