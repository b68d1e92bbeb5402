import { type RawBuilder, type SqlBool, sql } from '#kysely';
import { textConditions } from '../filters/text-conditions.ts';
import { isPostgres } from '../storage/row-locks.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import { type EventFilterBody, listOf, type ResourceCriteria } from './event-filter.ts';
import type { LabelPatterns } from './label-patterns.ts';
import { parseTextQuery, type TextQuery } from './text-query.ts';

type Condition = RawBuilder<SqlBool>;
type Expression = RawBuilder<unknown>;

/** What a filter asks of stored events, its window apart, in the order in which it is cheapest to look. */
export interface EventConditions {
  /** On columns that the feed's index holds. */
  readonly indexed: readonly Condition[];
  /** On the event as a document, which has to be read for it. */
  readonly onBody: readonly Condition[];
}

const ID = 'prefect.resource.id';
const ROLE = 'prefect.resource.role';

/** Turns a filter into conditions on the table of events. Contract: events 4.4. */
export function eventConditions(db: QueryBuilder, filter: EventFilterBody): EventConditions {
  const write = new ConditionWriter(isPostgres(db));
  const { resource } = filter;
  const indexed = [
    ...write.name(filter.event),
    ...write.oneOf(sql.ref('event.id'), filter.id?.id),
    ...write.texts(sql.ref('event.resource_id'), resource),
  ];
  const onBody = [
    ...(resource?.labels ? write.labels(PRIMARY, resource.labels) : []),
    ...listOf(filter.related).map((criteria) => write.some(RELATED, criteria)),
    ...listOf(filter.any_resource).map((criteria) => write.any(criteria)),
    ...(filter.text ? write.search(filter.text.query) : []),
  ];
  return { indexed, onBody };
}

/** The label of an event's primary resource. */
export function primaryLabel(label: string): Expression {
  return labelOf(PRIMARY, label);
}

const BODY = sql.ref('event.body');
const PRIMARY: Expression = sql`(${BODY} -> 'resource')`;
const RELATED: Expression = sql`${sql.ref('resource.value')}`;

function labelOf(resource: Expression, label: string): Expression {
  return sql`(${resource} ->> cast(${label} as text))`;
}

/** Both databases compare with the case that was given. */
class ConditionWriter {
  readonly #postgres: boolean;

  constructor(postgres: boolean) {
    this.#postgres = postgres;
  }

  name(criteria: EventFilterBody['event']): Condition[] {
    if (!criteria) return [];
    const name = sql.ref('event.event');
    const { prefix, name: names, exclude_prefix, exclude_name } = criteria;
    return [
      ...this.texts(name, { id: names ?? null, id_prefix: prefix ?? null }),
      ...(exclude_prefix ?? []).map((text) => not(this.#like(name, `${this.#literal(text)}${this.#anyRun}`))),
      ...(exclude_name?.length ? [not(sql`${name} in (${sql.join(exclude_name)})`)] : []),
    ];
  }

  oneOf(value: Expression, wanted: readonly string[] | null | undefined): Condition[] {
    if (!wanted) return [];
    return [wanted.length === 0 ? NOTHING : sql`${value} in (${sql.join(wanted)})`];
  }

  /** The criteria on a resource's id; empty lists ask for nothing. */
  texts(value: Expression, criteria: Pick<ResourceCriteria, 'id' | 'id_prefix'> | null | undefined): Condition[] {
    const conditions: Condition[] = [];
    if (criteria?.id?.length) conditions.push(sql`${value} in (${sql.join(criteria.id)})`);
    if (criteria?.id_prefix?.length)
      conditions.push(or(criteria.id_prefix.map((text) => this.#like(value, `${this.#literal(text)}${this.#anyRun}`))));
    return conditions;
  }

  /** Some related resource meets all criteria. */
  some(resource: Expression, criteria: ResourceCriteria): Condition {
    const conditions = this.#resource(resource, criteria);
    const resources = this.#postgres
      ? sql`jsonb_array_elements(${BODY} -> 'related') as resource(value)`
      : sql`json_each(${BODY}, '$.related') as resource`;
    const exists = sql<SqlBool>`exists (select 1 from ${resources} where ${and(conditions)})`;
    return and([...this.#mention(criteria), exists]);
  }

  /** The primary or some related resource meets all criteria. */
  any(criteria: ResourceCriteria): Condition {
    return and([...this.#mention(criteria), or([and(this.#resource(PRIMARY, criteria)), this.some(RELATED, criteria)])]);
  }

  labels(resource: Expression, patterns: LabelPatterns): Condition[] {
    return Object.entries(patterns).map(([label, wanted]) => {
      const value = labelOf(resource, label);
      const list = typeof wanted === 'string' ? [wanted] : wanted;
      if (label === ROLE) return list.length === 0 ? NOTHING : sql`${value} in (${sql.join(list)})`;
      return or(list.map((pattern) => this.#pattern(value, pattern)));
    });
  }

  search(query: string): Condition[] {
    const [resource, related, payload] = ['resource', 'related', 'payload'].map(
      (member) => sql`cast(${BODY} -> ${sql.lit(member)} as text)`,
    );
    const text = sql`(${sql.ref('event.event')} || ' ' || ${resource} || ' ' || ${related} || ' ' || ${payload})`;
    return textConditions(text, inJson(parseTextQuery(query)), this.#postgres);
  }

  #resource(resource: Expression, criteria: ResourceCriteria): Condition[] {
    const conditions = this.texts(labelOf(resource, ID), criteria);
    if (criteria.role?.length) conditions.push(sql`${labelOf(resource, ROLE)} in (${sql.join(criteria.role)})`);
    if (criteria.resources_in_roles?.length)
      conditions.push(
        or(
          criteria.resources_in_roles.map(
            ([id, role]) => sql`(${labelOf(resource, ID)} = ${id} and ${labelOf(resource, ROLE)} = ${role})`,
          ),
        ),
      );
    if (criteria.labels) conditions.push(...this.labels(resource, criteria.labels));
    return conditions;
  }

  /** Finding an id in the text of an event is much cheaper than reading its resources, and few events mention it. */
  #mention({ id }: ResourceCriteria): Condition[] {
    if (this.#postgres || !id?.length) return [];
    return [or(id.map((each) => sql`instr(${BODY}, ${JSON.stringify(each)}) > 0`))];
  }

  /** `*` stands for any run and `?` for any one; a leading `!` turns around. A label that is absent matches nothing. */
  #pattern(value: Expression, pattern: string): Condition {
    const turned = pattern.startsWith('!');
    const text = (turned ? pattern.slice(1) : pattern)
      .split(/([*?])/)
      .map((part) => (part === '*' ? this.#anyRun : part === '?' ? this.#anyOne : this.#literal(part)))
      .join('');
    return turned ? not(this.#like(value, text)) : this.#like(value, text);
  }

  get #anyRun(): string {
    return this.#postgres ? '%' : '*';
  }

  get #anyOne(): string {
    return this.#postgres ? '_' : '?';
  }

  #literal(text: string): string {
    return this.#postgres ? text.replaceAll(/[%_\\]/g, '\\$&') : text.replaceAll(/[[*?]/g, '[$&]');
  }

  #like(value: Expression, pattern: string): Condition {
    return this.#postgres ? sql`${value} like ${pattern}` : sql`${value} glob ${pattern}`;
  }
}

/** The terms as they stand in JSON. */
function inJson({ some, required, excluded }: TextQuery): TextQuery {
  const escaped = (terms: readonly string[]) => terms.map((term) => JSON.stringify(term).slice(1, -1));
  return { some: escaped(some), required: escaped(required), excluded: escaped(excluded) };
}

const NOTHING: Condition = sql<SqlBool>`1 = 0`;

function not(condition: Condition): Condition {
  return sql`not (${condition})`;
}

function or(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? NOTHING : sql`(${sql.join(conditions, sql` or `)})`;
}

function and(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`1 = 1` : sql`(${sql.join(conditions, sql` and `)})`;
}
