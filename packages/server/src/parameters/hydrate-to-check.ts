import { type HydrationContext, hydrate } from './hydrate.ts';

/** A placeholder that has no value here: of one kind it is not known before a run, of another it cannot be filled. */
export interface Unfilled {
  readonly path: readonly (string | number)[];
  /** Why it cannot be filled; null when a run will fill it. */
  readonly message: string | null;
}

/** Fills the placeholders that can be filled and says which cannot: for whoever still edits the values. Templates are checked, not rendered. */
export function hydrateToCheck(
  values: Record<string, unknown>,
  context: Pick<HydrationContext, 'variables'> & { readonly checkTemplate: (template: string) => void },
): { values: unknown; unfilled: Unfilled[] } {
  const { variables, checkTemplate } = context;
  const hydrated = hydrate(values, {
    variables,
    renderTemplate(template) {
      checkTemplate(template);
      return template;
    },
    onTemplate: () => new Gap(null),
    onError: ({ message }) => new Gap(message),
  });
  const unfilled: Unfilled[] = [];
  return { values: withoutGaps(hydrated, [], unfilled), unfilled };
}

/** Stands where a placeholder has no value. */
class Gap {
  readonly message: string | null;
  constructor(message: string | null) {
    this.message = message;
  }
}

function withoutGaps(value: unknown, path: readonly (string | number)[], found: Unfilled[]): unknown {
  if (value instanceof Gap) {
    found.push({ path, message: value.message });
    return null;
  }
  if (Array.isArray(value)) return value.map((item, index) => withoutGaps(item, [...path, index], found));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutGaps(item, [...path, key], found)]));
}
