import type { Storage } from './storage.ts';

/** The last step that a database has. */
export async function schemaVersion({ reader, builder }: Storage): Promise<number> {
  try {
    const row = await reader.first(builder.selectFrom('migration').select(({ fn }) => fn.max('version').as('version')));
    return Number(row?.version ?? 0);
  } catch (error) {
    // The table comes with the first step.
    if (error instanceof Error && /no such table|does not exist/.test(error.message)) return 0;
    throw error;
  }
}
