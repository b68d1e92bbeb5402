import type { CompiledQuery } from '#kysely';
import type { Compilable, QueryBuilder } from './storage.ts';

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

function placeholders<Args>(): Placeholders<Args> {
  // Any member that is asked for is a parameter of that name; the type says which members there are.
  return new Proxy({} as Placeholders<Args>, { get: (_, name) => new Parameter(String(name)) });
}

function fill(parameters: readonly unknown[], args: Record<string, unknown>): unknown[] {
  return parameters.map((parameter) => (parameter instanceof Parameter ? args[parameter.name] : parameter));
}
