import type { ConcurrencyLimit } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import {
  deleteTagLimit,
  listTagLimits,
  readTagLimit,
  releaseTagSlots,
  resetTagLimit,
  setTagLimit,
  takeTagSlots,
} from '../resources/concurrency-limits/tag-limits.ts';
import { limitOf } from './limits.ts';
import { Reply, type Routes } from './route.ts';

/** Limits on tags, as older clients know them: each is the limit named `tag:<tag>`. Contract: orchestration 16.6. */
export const concurrencyLimitRoutes: Routes = {
  'POST /concurrency_limits/': async ({ body }, core) => {
    if (body.concurrency_limit < 0)
      throw new DetailError(422, `A concurrency limit cannot be negative, got ${body.concurrency_limit}.`);
    const { id, created } = await core.write((unit) => setTagLimit(unit, body.tag, body.concurrency_limit));
    return new Reply(created ? 201 : 200, await existing(core, { id }));
  },

  'GET /concurrency_limits/{id}': ({ path }, core) => existing(core, { id: path.id }),

  'GET /concurrency_limits/tag/{tag}': ({ path }, core) => existing(core, { tag: path.tag }),

  'POST /concurrency_limits/filter': ({ body }, core) => listTagLimits(core, limitOf(body, core.settings), body?.offset ?? 0),

  'POST /concurrency_limits/tag/{tag}/reset': async ({ path, body }, core) => {
    if (!(await core.write((unit) => resetTagLimit(unit, path.tag, body?.slot_override ?? [])))) throw notFound();
    return null;
  },

  'DELETE /concurrency_limits/{id}': async ({ path }, core) => {
    if (!(await core.write((unit) => deleteTagLimit(unit, { id: path.id })))) throw notFound();
    return null;
  },

  'DELETE /concurrency_limits/tag/{tag}': async ({ path }, core) => {
    if (!(await core.write((unit) => deleteTagLimit(unit, { tag: path.tag })))) throw notFound();
    return null;
  },

  'POST /concurrency_limits/increment': ({ body }, core) =>
    core.write((unit) => takeTagSlots(unit, body.names, body.task_run_id)),

  'POST /concurrency_limits/decrement': ({ body }, core) =>
    core.write((unit) => releaseTagSlots(unit, body.names, body.task_run_id)),
};

async function existing(core: Core, by: { id: string } | { tag: string }): Promise<ConcurrencyLimit> {
  const limit = await readTagLimit(core, by);
  if (!limit) throw notFound();
  return limit;
}

function notFound(): DetailError {
  return new DetailError(404, 'Concurrency limit not found');
}
