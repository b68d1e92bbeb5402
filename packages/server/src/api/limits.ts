import { DetailError } from '../errors.ts';
import type { ServerSettings } from '../settings.ts';

/** How many rows a list answers: what was asked for, within what the server allows. */
export function limitOf(body: { limit?: number | undefined } | undefined, { defaultLimit }: ServerSettings): number {
  const limit = notNegative(body?.limit ?? defaultLimit);
  if (limit > defaultLimit) throw new DetailError(422, `Invalid limit: must be less than or equal to ${defaultLimit}.`);
  return limit;
}

/** Refuses a limit that no list can have. */
export function notNegative(limit: number): number {
  if (limit < 0) throw new DetailError(422, 'Invalid limit: must be greater than or equal to 0.');
  return limit;
}

/** The envelope of a paged list. */
export function page<Row>(results: Row[], count: number, limit: number, number: number) {
  return { results, count, limit, pages: limit === 0 ? 0 : Math.ceil(count / limit), page: number };
}
