import { DetailError } from '../../errors.ts';
import type { WorkUnit } from '../../work-unit.ts';
import {
  insertSchedules,
  type NewSchedule,
  patchSchedule,
  readSchedules,
  replaceSchedules,
  type WantedSchedule,
} from './schedules.ts';

/** A schedule that is there, as far as a plan looks at it. */
export interface KnownSchedule {
  readonly id: string;
  readonly slug: string | null;
}

/** What a change of a deployment does to its schedules. */
export type SchedulePlan =
  | { readonly kind: 'replace'; readonly schedules: readonly NewSchedule[] }
  | {
      readonly kind: 'adjust';
      readonly patched: readonly { readonly id: string; readonly to: WantedSchedule }[];
      readonly created: readonly NewSchedule[];
    };

/** Brings a deployment's schedules to what a PATCH of it wants. Throws 422 where that is not clear. */
export async function patchSchedules(unit: WorkUnit, deploymentId: string, wanted: readonly WantedSchedule[]): Promise<void> {
  const known = (await readSchedules(unit, unit.db, [deploymentId])).get(deploymentId) ?? [];
  const plan = planSchedules(known, wanted);
  if (plan.kind === 'replace') return replaceSchedules(unit, deploymentId, plan.schedules);
  await freeSlugs(unit, known, plan.patched);
  for (const { id, to } of plan.patched) await patchSchedule(unit, deploymentId, id, to);
  await insertSchedules(unit, deploymentId, plan.created);
}

/**
 * Decides what becomes of a deployment's schedules. Without slugs on all of them nothing says which is which, so they are replaced;
 * with slugs each is changed or made by itself, and those that are not mentioned stay. Contract: deployments-and-workers 3.3.
 */
export function planSchedules(known: readonly KnownSchedule[], wanted: readonly WantedSchedule[]): SchedulePlan {
  const bySlug = new Map(known.flatMap(({ id, slug }) => (slug === null ? [] : [[slug, id] as const])));
  if (known.length === 0 || bySlug.size < known.length) return { kind: 'replace', schedules: wanted.filter(canBeMade) };
  if (wanted.some(({ slug }) => !slug))
    throw new DetailError(
      422,
      'Please provide a slug for each schedule in your request to ensure schedules are updated correctly.',
    );

  const replaced = replacedSlugs(wanted, bySlug);
  const patched: { id: string; to: WantedSchedule }[] = [];
  const created: NewSchedule[] = [];
  for (const each of wanted) {
    const { slug = '', replaces = '' } = each;
    const id = replaced.has(replaces) ? bySlug.get(replaces) : replaced.has(slug) ? undefined : bySlug.get(slug);
    if (id !== undefined) patched.push({ id, to: each });
    else if (canBeMade(each)) created.push(each);
    else throw new DetailError(422, 'Unable to create new deployment schedules without a schedule configuration.');
  }
  return { kind: 'adjust', patched, created };
}

/** The slugs of schedules that others take the place of. */
function replacedSlugs(wanted: readonly WantedSchedule[], bySlug: ReadonlyMap<string, string>): Set<string> {
  const replaced = new Set<string>();
  for (const { replaces } of wanted) {
    if (replaces === undefined || !bySlug.has(replaces)) continue;
    if (replaced.has(replaces))
      throw new DetailError(422, `Multiple schedules have 'replaces' targeting the same slug: ${replaces}`);
    replaced.add(replaces);
  }
  for (const { slug, replaces } of wanted)
    if (slug && replaces && replaced.has(replaces) && slug !== replaces && bySlug.has(slug) && !replaced.has(slug))
      throw new DetailError(
        422,
        `Cannot rename schedule from '${replaces}' to '${slug}': a schedule with slug '${slug}' already exists.`,
      );
  return replaced;
}

function canBeMade(wanted: WantedSchedule): wanted is NewSchedule {
  return wanted.schedule !== undefined;
}

/** Two schedules may swap their slugs, which no order of changes allows while both still have one. */
async function freeSlugs(
  unit: WorkUnit,
  known: readonly KnownSchedule[],
  patched: readonly { readonly id: string; readonly to: WantedSchedule }[],
): Promise<void> {
  const slugs = new Map(known.map(({ id, slug }) => [id, slug]));
  const renamed = patched.filter(({ id, to }) => to.slug !== slugs.get(id)).map(({ id }) => id);
  if (renamed.length > 0)
    await unit.run(unit.db.updateTable('deployment_schedule').set({ slug: null }).where('id', 'in', renamed));
}
