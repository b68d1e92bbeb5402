import type { ResourceLabels } from './event-log.ts';

/** What a filter asks of a resource's labels: for each label one of several patterns. */
export type LabelPatterns = Readonly<Record<string, string | readonly string[]>>;

const compiled = new Map<string, RegExp>();

/** Matches a value against a pattern: `*` any run, `?` any one, `[…]` a set; a leading `!` turns it around. */
export function matchesPattern(value: string, pattern: string): boolean {
  if (pattern.startsWith('!')) return !matchesPattern(value, pattern.slice(1));
  if (!/[*?[]/.test(pattern)) return value === pattern;
  let expression = compiled.get(pattern);
  if (!expression) {
    if (compiled.size > 1_000) compiled.clear();
    const source = pattern
      .replaceAll(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    expression = new RegExp(`^${source}$`, 's');
    compiled.set(pattern, expression);
  }
  return expression.test(value);
}

/** A label that is absent matches nothing, not even a pattern turned around. */
export function matchesLabels(labels: ResourceLabels, patterns: LabelPatterns): boolean {
  return Object.entries(patterns).every(([label, wanted]) => {
    const value = labels[label];
    if (value === undefined) return false;
    return (typeof wanted === 'string' ? [wanted] : wanted).some((pattern) => matchesPattern(value, pattern));
  });
}
