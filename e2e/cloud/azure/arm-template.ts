/** A template or a deployment that Azure Resource Manager refuses. */
export class InvalidTemplateError extends Error {}

interface Parameter {
  readonly type: string;
  readonly defaultValue?: unknown;
}

interface Template {
  readonly $schema: string;
  readonly contentVersion: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly resources: readonly Record<string, unknown>[];
}

/** Fills in a template as Azure Resource Manager does: parameters, the few functions that ours use, and brackets that are text. */
export function resolveTemplate(
  template: Template,
  given: Readonly<Record<string, { readonly value: unknown }>>,
): Record<string, unknown>[] {
  if (!template.$schema?.includes('deploymentTemplate.json') || template.contentVersion !== '1.0.0.0') {
    throw new InvalidTemplateError('The template has no schema or content version.');
  }
  const declared = template.parameters ?? {};
  const strangers = Object.keys(given).filter((name) => !declared[name]);
  if (strangers.length > 0) {
    throw new InvalidTemplateError(
      `The template parameters '${strangers.join(', ')}' are not valid; they are not present in it.`,
    );
  }
  const valueFor = (name: string): unknown => {
    const parameter = declared[name];
    const value = given[name]?.value ?? resolve(parameter?.defaultValue);
    if (!parameter || typeof value !== 'string') throw new InvalidTemplateError(`The parameter '${name}' has no text.`);
    if (!['string', 'securestring'].includes(parameter.type.toLowerCase())) {
      throw new InvalidTemplateError(`The parameter '${name}' is of the type ${parameter.type}.`);
    }
    return value;
  };
  const evaluate = (expression: string): unknown => {
    const parameter = /^parameters\('([^']+)'\)$/.exec(expression)?.[1];
    if (parameter !== undefined) return valueFor(parameter);
    if (expression === 'resourceGroup().location') return 'westeurope';
    if (expression === 'uniqueString(resourceGroup().id)') return 'tcvhiyu5h2o5o';
    throw new InvalidTemplateError(`Unable to parse language expression '${expression}'.`);
  };
  function resolve(value: unknown): unknown {
    if (typeof value === 'string' && /^\[[\s\S]*\]$/.test(value)) {
      return value.startsWith('[[') ? value.slice(1) : evaluate(value.slice(1, -1));
    }
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, resolve(entry)]));
  }
  return template.resources.map((resource) => resolve(resource) as Record<string, unknown>);
}
