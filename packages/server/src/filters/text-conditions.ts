import { type RawBuilder, type SqlBool, sql } from '#kysely';
import type { TextQuery } from '../events/text-query.ts';

/** What a search asks of a text in the database, whatever the case. Contract: events 4.6. */
export function textConditions(
  text: RawBuilder<unknown>,
  { some, required, excluded }: TextQuery,
  postgres: boolean,
): RawBuilder<SqlBool>[] {
  const holds = (term: string): RawBuilder<SqlBool> => {
    const pattern = `%${term.replaceAll(/[%_\\]/g, '\\$&')}%`;
    return postgres ? sql`${text} ilike ${pattern}` : sql`${text} like ${pattern} escape '\\'`;
  };
  return [
    ...(some.length > 0 ? [sql<SqlBool>`(${sql.join(some.map(holds), sql` or `)})`] : []),
    ...required.map(holds),
    ...excluded.map((term) => sql<SqlBool>`not (${holds(term)})`),
  ];
}
