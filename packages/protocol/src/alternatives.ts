/** A complaint about a request, as the API lists them. */
export interface Complaint {
  readonly loc: readonly (string | number)[];
  readonly msg: string;
  readonly input?: unknown;
}

/**
 * Leaves of the complaints about a value that may be one of several kinds those about the kind that was meant. The API tries all kinds and
 * complains about each (`actions.0.DoNothing.type`, `actions.0.RunDeployment.type`, …); the word in `type` says which one was meant.
 */
export function keepMeantAlternatives(complaints: readonly Complaint[]): Complaint[] {
  const unmeant = complaints.flatMap((complaint) => alternativeOf(complaint) ?? []);
  const isUnmeant = ({ loc }: Complaint) => unmeant.some(({ path }) => isBelow(loc, path));
  const kept = complaints.filter((complaint) => !isUnmeant(complaint));
  const unknown = new Map<string, Complaint>();
  for (const { path, found } of unmeant) {
    const value = path.slice(0, -1);
    // A kind that was not meant is explained by one of the same value that was, or by what was not meant around it.
    if (kept.some(({ loc }) => isBelow(loc, value)) || unmeant.some((other) => isBelow(value, other.path))) continue;
    const words = unmeant.filter((other) => other.path.slice(0, -1).join() === value.join()).map(({ wanted }) => wanted);
    unknown.set(value.join(), { loc: [...value, 'type'], msg: `${JSON.stringify(found)} is none of ${words.join(', ')}` });
  }
  return [...kept, ...unknown.values()].map((complaint) => withoutAlternatives(complaint, unmeant));
}

interface Alternative {
  /** The place of the value, and the name of the kind. */
  readonly path: readonly (string | number)[];
  readonly wanted: string;
  readonly found: unknown;
}

/** The kind that a complaint says was not meant. */
function alternativeOf({ loc, msg, input }: Complaint): Alternative | undefined {
  const wanted = /^Input should be '([^']+)'$/.exec(msg)?.[1];
  const kind = loc.at(-2);
  if (wanted === undefined || loc.at(-1) !== 'type' || typeof kind !== 'string' || !/^[A-Z]/.test(kind)) return undefined;
  return { path: loc.slice(0, -1), wanted, found: input };
}

/** The names of kinds say nothing to who wrote the value. */
function withoutAlternatives(complaint: Complaint, alternatives: readonly Alternative[]): Complaint {
  const values = new Set(alternatives.map(({ path }) => path.slice(0, -1).join()));
  const loc = complaint.loc.filter((_, at) => !values.has(complaint.loc.slice(0, at).join()) || at === complaint.loc.length - 1);
  return { ...complaint, loc };
}

function isBelow(loc: readonly (string | number)[], path: readonly (string | number)[]): boolean {
  return loc.length >= path.length && path.every((part, at) => loc[at] === part);
}
