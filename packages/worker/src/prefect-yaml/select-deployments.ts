import type { DeploymentEntry } from './project-file.ts';

export interface Selection {
  /** Names or patterns: `daily`, `my-flow/daily`, `*-prod`. */
  names?: readonly string[] | undefined;
  /** Takes all deployments that have a name. */
  all?: boolean | undefined;
}

/** What a selection found. */
export interface Selected {
  entries: DeploymentEntry[];
  /** Names that fit no deployment. */
  unknown: string[];
}

/** It is not clear which deployments are meant. */
export class UnclearSelectionError extends Error {
  override readonly name = 'UnclearSelectionError';
}

/** Picks deployments of a project for which nobody can be asked (contract 14.4). */
export function selectDeployments(entries: readonly DeploymentEntry[], { names = [], all = false }: Selection): Selected {
  if (all && names.length > 0) {
    throw new UnclearSelectionError('Cannot use both `--all` and `--name` at the same time. Use only one.');
  }
  if (all) return { entries: entries.filter(({ name }) => name != null), unknown: [] };
  const [only] = entries;
  if (entries.length === 1 && names.length <= 1 && only && !names.some((name) => name.includes('*'))) {
    const [name] = names;
    return { entries: [name === undefined ? only : { ...only, name: withoutFlow(name) }], unknown: [] };
  }
  if (names.length === 0) {
    if (entries.length === 0) return { entries: [], unknown: [] };
    throw new UnclearSelectionError(
      'Discovered one or more deployment configurations, but no name was given. Please specify the name of at least one deployment to create or update.',
    );
  }
  const chosen = new Set<DeploymentEntry>();
  const unknown: string[] = [];
  for (const name of names) {
    const fitting = entries.filter((entry) => fits(entry, name));
    for (const entry of fitting) chosen.add(entry);
    if (fitting.length === 0) unknown.push(name);
  }
  return { entries: entries.filter((entry) => chosen.has(entry)), unknown };
}

function fits(entry: DeploymentEntry, pattern: string): boolean {
  const slash = pattern.indexOf('/');
  const name = pattern.slice(slash + 1);
  if (!matches(entry.name ?? '', name)) return false;
  if (slash < 0) return true;
  const flow = entry.entrypoint?.split(':').at(-1) ?? '';
  return matches(flow.replaceAll('_', '-'), pattern.slice(0, slash).replaceAll('_', '-'));
}

function matches(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}

function withoutFlow(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
