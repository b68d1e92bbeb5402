import type { CompiledQuery } from '#kysely';
import type { Compilable, QueryBuilder } from './storage.ts';
import type { Tables } from './tables.ts';

class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type Placeholders<Args> = { readonly [Name in keyof Args]: Args[Name] };

/**
 * A query that is built once for each database and then only filled in: for the statements that every state change runs,
 * where building the query costs more than running it.
 *
 * @example
 * const runById = statement((db, p: { id: string }) => db.selectFrom('flow_run').selectAll().where('id', '=', p.id));
 * const run = await unit.first(runById(storage.builder, { id }));
 */
export function statement<Args extends object, Row>(
  build: (db: QueryBuilder, parameters: Placeholders<Args>) => Compilable<Row>,
): (db: QueryBuilder, args: Args) => Compilable<Row> {
  const compiled = new WeakMap<QueryBuilder, CompiledQuery<Row>>();
  return (db, args) => {
    let query = compiled.get(db);
    if (!query) {
      query = build(db, placeholders<Args>()).compile();
      compiled.set(db, query);
    }
    const template = query;
    return { compile: () => ({ ...template, parameters: fill(template.parameters, args as Record<string, unknown>) }) };
  };
}

/**
 * An insert of many rows in one statement, built once for each number of rows.
 *
 * @param columns every column that a row may set, in the order in which they are bound.
 */
export function bulkInsert<Table extends keyof Tables, Column extends keyof Tables[Table] & string>(
  table: Table,
  columns: readonly Column[],
): (db: QueryBuilder, rows: readonly Pick<Tables[Table], Column>[]) => Compilable<unknown> {
  const compiled = new WeakMap<QueryBuilder, Map<number, CompiledQuery<unknown>>>();
  const anyRow = Object.fromEntries(columns.map((column) => [column, null]));
  return (db, rows) => {
    const byCount = compiled.get(db) ?? new Map<number, CompiledQuery<unknown>>();
    compiled.set(db, byCount);
    let template = byCount.get(rows.length);
    if (!template) {
      template = db
        .insertInto(table)
        .values(rows.map(() => anyRow) as never)
        .compile();
      byCount.set(rows.length, template);
    }
    const parameters: unknown[] = [];
    for (const row of rows) for (const column of columns) parameters.push(row[column]);
    const query = { ...template, parameters };
    return { compile: () => query };
  };
}

function placeholders<Args>(): Placeholders<Args> {
  // Any member that is asked for is a parameter of that name; the type says which members there are.
  return new Proxy({} as Placeholders<Args>, { get: (_, name) => new Parameter(String(name)) });
}

function fill(parameters: readonly unknown[], args: Record<string, unknown>): unknown[] {
  return parameters.map((parameter) => (parameter instanceof Parameter ? args[parameter.name] : parameter));
}
