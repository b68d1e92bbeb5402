import { parseJson } from './parse-json.ts';

/** What placeholders are filled with. */
export interface HydrationContext {
  /** Workspace variables by name. */
  variables: ReadonlyMap<string, unknown>;
  /** Renders a template in an empty context; throws an Error whose message says what is wrong with it. */
  renderTemplate: (template: string) => string;
  /** What stands for a template in place of what it renders. */
  readonly onTemplate?: () => object;
  /** What stands for a placeholder that cannot be filled; without it the first one ends all. */
  readonly onError?: (error: HydrationError) => object;
}

/** A placeholder that cannot be filled; the message is the API's. */
export class HydrationError extends Error {
  override name = 'HydrationError';
}

/** Stands for an element that is left out of the object or list around it. */
const REMOVED = Symbol('removed');

const KIND = '__prefect_kind';

/**
 * Fills the placeholders in parameters: objects with the key `__prefect_kind`, of kind `none`, `json`, `jinja` or `workspace_variable`
 * (contract, orchestration 10.1).
 *
 * @throws HydrationError at the first that cannot be filled.
 */
export function hydrate(value: unknown, context: HydrationContext): unknown {
  const hydrated = hydrateValue(value, context);
  return hydrated === REMOVED ? {} : hydrated;
}

function hydrateValue(value: unknown, context: HydrationContext): unknown {
  if (Array.isArray(value)) return value.map((item) => hydrateValue(item, context)).filter((item) => item !== REMOVED);
  if (typeof value !== 'object' || value === null) return value;
  if (KIND in value) return tryToFill({ ...value }, context);
  const entries = Object.entries(value).map(([key, item]) => [key, hydrateValue(item, context)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== REMOVED));
}

function tryToFill(placeholder: Record<string, unknown>, context: HydrationContext): unknown {
  try {
    return fillPlaceholder(placeholder, context);
  } catch (error) {
    if (error instanceof HydrationError && context.onError) return context.onError(error);
    throw error;
  }
}

function fillPlaceholder(placeholder: Record<string, unknown>, context: HydrationContext): unknown {
  const part = (name: string) => (name in placeholder ? hydrateValue(placeholder[name], context) : REMOVED);
  switch (placeholder[KIND]) {
    case 'none':
      if (!('value' in placeholder)) throw new HydrationError("Missing 'value' key in __prefect object");
      return part('value');
    case 'json':
      return readJson(part('value'));
    case 'jinja':
      if (!('template' in placeholder)) throw new HydrationError("Missing 'template' key in __prefect object");
      return render(part('template'), context);
    case 'workspace_variable':
      return readVariable(part('variable_name'), context);
    default:
      return placeholder.value ?? null;
  }
}

function readJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const result = parseJson(value);
  if ('error' in result) throw new HydrationError(`Invalid JSON: ${result.error}`);
  return result.value;
}

function render(template: unknown, { renderTemplate, onTemplate }: HydrationContext): unknown {
  if (typeof template !== 'string' || !/\{\{|\{%/.test(template)) return template;
  try {
    const rendered = renderTemplate(template);
    return onTemplate ? onTemplate() : rendered;
  } catch (error) {
    throw new HydrationError(`Invalid jinja: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readVariable(name: unknown, { variables, onTemplate }: HydrationContext): unknown {
  // The name may be what stands for a template.
  if (typeof name !== 'string') return onTemplate && typeof name === 'object' && name !== null ? name : REMOVED;
  if (!variables.has(name)) throw new HydrationError(`Variable '${name}' not found in workspace.`);
  return variables.get(name);
}
