import type { ResourceLabels } from '../events/event-log.ts';
import { type LabelPatterns, matchesLabels, matchesPattern } from '../events/label-patterns.ts';

/** Counts events. Durations are seconds. Contract: events 7.2. */
export interface EventTrigger {
  readonly type: 'event';
  readonly id: string;
  readonly match: LabelPatterns;
  readonly match_related: LabelPatterns | readonly LabelPatterns[];
  readonly after: readonly string[];
  readonly expect: readonly string[];
  readonly for_each: readonly string[];
  readonly posture: 'Reactive' | 'Proactive';
  readonly threshold: number;
  readonly within: number;
}

/** Fires when enough of its triggers have fired. */
export interface CompoundTrigger {
  readonly type: 'compound';
  readonly id: string;
  readonly triggers: readonly Trigger[];
  readonly within: number | null;
  readonly require: number | 'any' | 'all';
}

/** Fires when its triggers have fired in their order. */
export interface SequenceTrigger {
  readonly type: 'sequence';
  readonly id: string;
  readonly triggers: readonly Trigger[];
  readonly within: number | null;
}

export type CompositeTrigger = CompoundTrigger | SequenceTrigger;
export type Trigger = EventTrigger | CompositeTrigger;

/** An event as triggers see it. */
export interface TriggeringEvent {
  readonly id: string;
  readonly event: string;
  readonly occurred: string;
  readonly received: string;
  readonly resource: ResourceLabels;
  readonly related: readonly ResourceLabels[];
  readonly payload: unknown;
  readonly follows: string | null;
}

/** A trigger and those around it, innermost first. */
export interface PlacedTrigger {
  readonly trigger: EventTrigger;
  readonly parents: readonly CompositeTrigger[];
}

/** Every trigger inside of a trigger that counts events. */
export function eventTriggers(trigger: Trigger, parents: readonly CompositeTrigger[] = []): PlacedTrigger[] {
  if (trigger.type === 'event') return [{ trigger, parents }];
  return trigger.triggers.flatMap((child) => eventTriggers(child, [trigger, ...parents]));
}

/** Tells whether events of a name could concern a trigger; all that can be said without reading the event. */
export function coversName({ expect, after }: EventTrigger, name: string): boolean {
  // The star stands for at least one character here, and patterns turned around match nothing.
  return (
    expect.length === 0 ||
    [...expect, ...after].some((pattern) => !pattern.startsWith('!') && matchesPattern(name, pattern.replaceAll('*', '?*')))
  );
}

/** Tells whether an event concerns a trigger. Contract: events 8.1. */
export function covers(trigger: EventTrigger, event: TriggeringEvent): boolean {
  if (!coversName(trigger, event.event) || !matchesLabels(event.resource, trigger.match)) return false;
  const { match_related: related } = trigger;
  return (Array.isArray(related) ? (related as LabelPatterns[]) : [related as LabelPatterns]).every(
    (patterns) => Object.keys(patterns).length === 0 || event.related.some((labels) => matchesLabels(labels, patterns)),
  );
}

/** Tells whether a trigger counts events of this name. */
export function isExpected({ expect }: EventTrigger, name: string): boolean {
  return expect.length === 0 || expect.some((pattern) => matchesPattern(name, pattern));
}

/** Tells whether a trigger begins to count after events of this name. */
export function startsAfter({ after }: EventTrigger, name: string): boolean {
  return after.some((pattern) => matchesPattern(name, pattern));
}

const RELATED_LABEL = /^related:([^:]*):(.*)$/s;

/** The labels by whose values a trigger counts apart, in their order. */
export function bucketingLabels({ for_each }: EventTrigger): string[] {
  return [...for_each].sort();
}

/** The values of those labels in an event; what is absent is empty. */
export function bucketingKey(trigger: EventTrigger, event: TriggeringEvent): string[] {
  return bucketingLabels(trigger).map((label) => {
    const [, role, name = ''] = RELATED_LABEL.exec(label) ?? [];
    if (role === undefined) return event.resource[label] ?? '';
    return event.related.find((resource) => resource['prefect.resource.role'] === role)?.[name] ?? '';
  });
}
