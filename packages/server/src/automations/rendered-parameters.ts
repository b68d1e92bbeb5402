import { HydrationError, hydrate } from '../parameters/index.ts';
import { isTemplate } from '../templates/index.ts';
import type { ActionContext } from './action-context.ts';
import { ActionError } from './action-error.ts';

const KIND = '__prefect_kind';

/**
 * The parameters of a run with their templates filled. A text that is nothing but one expression keeps the type of its value.
 * Contract: events 10.4.
 */
export function renderParameters(
  parameters: Readonly<Record<string, unknown>>,
  context: ActionContext,
  variables: ReadonlyMap<string, unknown>,
): Record<string, unknown> {
  try {
    return hydrate(upgraded(parameters), { variables, renderTemplate: context.render }) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof HydrationError) throw new ActionError(`Unable to create flow run from deployment: ${error.message}`);
    throw error;
  }
}

function upgraded(value: unknown): unknown {
  if (typeof value === 'string') return isTemplate(value) ? placeholderOf(value) : value;
  if (Array.isArray(value)) return value.map(upgraded);
  if (typeof value !== 'object' || value === null || KIND in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, upgraded(item)]));
}

function placeholderOf(template: string): unknown {
  const single = /^\s*\{\{-?((?:(?!\{\{|\}\}|\{%)[\s\S])*?)-?\}\}\s*$/.exec(template);
  if (!single) return { [KIND]: 'jinja', template };
  return { [KIND]: 'json', value: { [KIND]: 'jinja', template: `{{ (${single[1]?.trim()}) | tojson }}` } };
}
