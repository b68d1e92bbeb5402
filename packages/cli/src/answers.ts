import { CommandError } from './errors.ts';

/** Waits for an answer; says in the words of the command when the object is not there (404). */
export async function orMissing<T>(answer: Promise<T>, message: string, hint?: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (hasStatus(error, 404)) throw new CommandError(message, hint);
    throw error;
  }
}

/** The hint for an object that is not there. */
export function seeList(word: string): string {
  return `See \`prefect ${word} ls\` for those there are.`;
}

export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'status' in error && error.status === status;
}

const PAGE = 200;

/** Reads page after page of a list until `limit` objects are there or no more come. */
export async function readPages<T>(
  limit: number,
  page: (slice: { limit: number; offset: number }) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  while (found.length < limit) {
    const size = Math.min(PAGE, limit - found.length);
    const some = await page({ limit: size, offset: found.length });
    found.push(...some);
    if (some.length < size) break;
  }
  return found;
}
