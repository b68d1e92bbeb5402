const PLACEHOLDER = /\{\{\s*([\w.\-[\]$]+)\s*\}\}/g;

/** The names of all `{{ placeholders }}` in the values of a template, each once, in reading order; keys are never templated. */
export function findPlaceholders(template: unknown): string[] {
  const names = new Set<string>();
  collect(template, names);
  return [...names];
}

function collect(template: unknown, names: Set<string>): void {
  if (typeof template === 'string') {
    for (const match of template.matchAll(PLACEHOLDER)) names.add(match[1] ?? '');
  } else if (typeof template === 'object' && template !== null) {
    for (const value of Object.values(template)) collect(value, names);
  }
}
