import { type Micros, parseTimestamp } from '@prefect-ts/protocol';
import type { NewEvent, ResourceLabels } from './event-log.ts';
import { type LabelPatterns, matchesLabels } from './label-patterns.ts';
import { matchesText, parseTextQuery } from './text-query.ts';

export interface ResourceCriteria {
  readonly distinct?: boolean | undefined;
  readonly id?: readonly string[] | null | undefined;
  readonly id_prefix?: readonly string[] | null | undefined;
  readonly labels?: LabelPatterns | null | undefined;
  readonly role?: readonly string[] | null | undefined;
  readonly resources_in_roles?: readonly (readonly [string, string])[] | null | undefined;
}

/** An event filter as clients send it, once the contract's schema has checked it. */
export interface EventFilterBody {
  readonly occurred?: { readonly since?: string | undefined; readonly until?: string | undefined } | undefined;
  readonly event?:
    | {
        readonly prefix?: readonly string[] | null | undefined;
        readonly name?: readonly string[] | null | undefined;
        readonly exclude_prefix?: readonly string[] | null | undefined;
        readonly exclude_name?: readonly string[] | null | undefined;
      }
    | null
    | undefined;
  readonly resource?: ResourceCriteria | null | undefined;
  readonly related?: ResourceCriteria | readonly ResourceCriteria[] | null | undefined;
  readonly any_resource?: ResourceCriteria | readonly ResourceCriteria[] | null | undefined;
  readonly id?: { readonly id?: readonly string[] | null | undefined } | null | undefined;
  readonly text?: { readonly query: string } | null | undefined;
  readonly order?: 'ASC' | 'DESC' | undefined;
}

/** A filter made ready: its window, and a test for events that does not look at the window. */
export interface EventFilter {
  readonly since: Micros;
  readonly until: Micros;
  matches(event: NewEvent): boolean;
}

const DAY = 86_400_000_000;

/** Makes a filter ready. Contract: events 4.4. */
export function eventFilter(body: EventFilterBody, now: Micros): EventFilter {
  const startOfDay = now - (now % DAY);
  const text = body.text && parseTextQuery(body.text.query);
  return {
    since: (body.occurred?.since && parseTimestamp(body.occurred.since)) || startOfDay - 180 * DAY,
    until: (body.occurred?.until && parseTimestamp(body.occurred.until)) || now,
    matches: (event) =>
      matchesName(event.event, body.event) &&
      matchesId(event.id, body.id?.id) &&
      matchesResources(event, body) &&
      (!text || matchesText(text, searchableText(event))),
  };
}

function matchesName(name: string, criteria: EventFilterBody['event']): boolean {
  if (!criteria) return true;
  const { prefix, name: names, exclude_prefix, exclude_name } = criteria;
  if (prefix?.length && !prefix.some((text) => name.startsWith(text))) return false;
  if (names?.length && !names.includes(name)) return false;
  if (exclude_prefix?.some((text) => name.startsWith(text))) return false;
  return !exclude_name?.includes(name);
}

function matchesId(id: string | undefined, ids: readonly string[] | null | undefined): boolean {
  // Every subscription of the Python client names an empty list.
  return !ids?.length || (id !== undefined && ids.includes(id));
}

function matchesResources(event: NewEvent, body: EventFilterBody): boolean {
  if (body.resource && !matchesResource(event.resource, body.resource)) return false;
  const all = [event.resource, ...event.related];
  if (!listOf(body.any_resource).every((criteria) => all.some((labels) => matchesResource(labels, criteria)))) return false;
  return listOf(body.related).every((criteria) => event.related.some((labels) => matchesResource(labels, criteria)));
}

function matchesResource(labels: ResourceLabels, criteria: ResourceCriteria): boolean {
  const id = labels['prefect.resource.id'] ?? '';
  const role = labels['prefect.resource.role'] ?? '';
  if (criteria.id?.length && !criteria.id.includes(id)) return false;
  if (criteria.id_prefix?.length && !criteria.id_prefix.some((prefix) => id.startsWith(prefix))) return false;
  if (criteria.role?.length && !criteria.role.includes(role)) return false;
  if (criteria.resources_in_roles?.length && !criteria.resources_in_roles.some(([i, r]) => i === id && r === role)) return false;
  return !criteria.labels || matchesLabels(labels, criteria.labels);
}

/** What searches look at while events happen: names, the values of labels, and the payload. */
function searchableText({ event, resource, related, payload }: NewEvent): string {
  return [event, ...[resource, ...related].flatMap(Object.values), JSON.stringify(payload)].join(' ');
}

export function listOf<T extends object>(value: T | readonly T[] | null | undefined): readonly T[] {
  if (!value) return [];
  return Array.isArray(value) ? value : [value as T];
}
