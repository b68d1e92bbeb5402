import { parseTimestamp } from '@prefect-ts/protocol';
import { type RawBuilder, type SqlBool, sql } from '#kysely';
import { isPostgres } from '../storage/row-locks.ts';
import type { QueryBuilder } from '../storage/storage.ts';

/** A condition of a query. */
export type Condition = RawBuilder<SqlBool>;

/** Turns one member of a filter, as sent, into conditions. They are combined by the member's own operator. */
export type Criterion = (value: FilterMember, db: QueryBuilder) => Condition[];

/** A member of a filter once the contract's schema has checked it. */
export type FilterMember = Readonly<Record<string, unknown>>;

/** The criteria of one kind of object, by the names that the API gives them. */
export type Criteria = Readonly<Record<string, Criterion>>;

/** One comparison: what `any_`, `like_`, `before_` and the others mean for a column. */
type Comparison = (column: RawBuilder<unknown>, operand: never, db: QueryBuilder) => Condition | undefined;

const COMPARISONS = {
  any_: (column, values: readonly unknown[]) => (values.length === 0 ? NOTHING : sql`${column} in (${sql.join(values)})`),
  not_any_: (column, values: readonly unknown[]) =>
    values.length === 0 ? undefined : sql`${column} not in (${sql.join(values)})`,
  like_: (column, text: string, db) => (text === '' ? undefined : contains(column, text, db)),
  eq_: (column, value: unknown) => sql`${column} = ${typeof value === 'boolean' ? Number(value) : value}`,
  is_null_: (column, isNull: boolean) => (isNull ? sql`${column} is null` : sql`${column} is not null`),
  before_: (column, time: string) => sql`${column} <= ${parseTimestamp(time)}`,
  after_: (column, time: string) => sql`${column} >= ${parseTimestamp(time)}`,
  ge_: (column, value: number) => sql`${column} >= ${value}`,
  le_: (column, value: number) => sql`${column} <= ${value}`,
  startswith_: (column, prefixes: readonly string[]) =>
    prefixes.length === 0
      ? undefined
      : sql`(${sql.join(
          prefixes.map((prefix) => sql`lower(${column}) like ${`${prefix.toLowerCase()}%`}`),
          sql` or `,
        )})`,
} satisfies Record<string, Comparison>;

const NOTHING: Condition = sql<SqlBool>`1 = 0`;

type ComparisonName = keyof typeof COMPARISONS;

/** A criterion on a column, with the comparisons that it offers. */
export function column(name: string | RawBuilder<unknown>, ...comparisons: ComparisonName[]): Criterion {
  const reference = typeof name === 'string' ? sql.ref(name) : name;
  return (value, db) =>
    comparisons.flatMap((comparison) => {
      const operand = value[comparison];
      if (operand === null || operand === undefined) return [];
      return (COMPARISONS[comparison] as Comparison)(reference, operand as never, db) ?? [];
    });
}

/** A criterion on a column that holds a JSON array of texts. */
export function textArray(name: string): Criterion {
  const reference = sql.ref(name);
  return (value, db) => {
    const { all_: all, any_: any, is_null_: isEmpty } = value as { all_?: string[]; any_?: string[]; is_null_?: boolean };
    const conditions: Condition[] = [];
    if (all && all.length > 0)
      conditions.push(
        sql`(${sql.join(
          all.map((text) => holds(reference, text, db)),
          sql` and `,
        )})`,
      );
    if (any)
      conditions.push(
        any.length === 0
          ? NOTHING
          : sql`(${sql.join(
              any.map((text) => holds(reference, text, db)),
              sql` or `,
            )})`,
      );
    if (typeof isEmpty === 'boolean') conditions.push(isEmpty ? sql`${reference} = '[]'` : sql`${reference} <> '[]'`);
    return conditions;
  };
}

function holds(reference: RawBuilder<unknown>, text: string, db: QueryBuilder): Condition {
  if (isPostgres(db)) return sql`${reference} @> ${JSON.stringify([text])}::jsonb`;
  // The text as it is written comes first: to take a document apart costs ten times as much.
  return sql`(instr(${reference}, ${JSON.stringify(text)}) > 0 and exists (select 1 from json_each(${reference}) where value = ${text}))`;
}

/** A criterion made of others, combined by its own `operator`. */
export function nested(criteria: Criteria): Criterion {
  return (value, db) => conditionsOf(criteria, value, db);
}

/** The conditions of a filter's members; an absent or null member asks for nothing. */
export function conditionsOf(criteria: Criteria, filter: FilterMember, db: QueryBuilder): Condition[] {
  return Object.entries(filter).flatMap(([name, member]) => {
    const criterion = criteria[name];
    if (!criterion || member === null || member === undefined) return [];
    const conditions = criterion(member as FilterMember, db);
    const combined = combine((member as { operator?: unknown }).operator, conditions);
    return combined ? [combined] : [];
  });
}

/** Joins conditions by an operator of the API; no conditions match everything. */
export function combine(operator: unknown, conditions: readonly Condition[]): Condition | undefined {
  if (conditions.length === 0) return undefined;
  if (conditions.length === 1) return conditions[0];
  return sql`(${sql.join(conditions, operator === 'or_' ? sql` or ` : sql` and `)})`;
}

/** Substring, whatever the case; `%` and `_` in the text act as wildcards. */
function contains(column: RawBuilder<unknown>, text: string, db: QueryBuilder): Condition {
  return isPostgres(db) ? sql`${column} ilike ${`%${text}%`}` : sql`${column} like ${`%${text}%`}`;
}

/** A member of a JSON object, as text. */
export function jsonMember(name: string, member: string): (db: QueryBuilder) => RawBuilder<unknown> {
  return (db) => (isPostgres(db) ? sql`${sql.ref(name)} ->> ${member}` : sql`${sql.ref(name)} ->> ${`$.${member}`}`);
}
