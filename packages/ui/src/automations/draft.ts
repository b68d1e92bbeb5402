import type { Automation, AutomationCreate } from '@prefect-ts/protocol';

/** Labels and what they may be: a text, or one of some; `*` stands for anything. */
export type LabelMatch = Readonly<Record<string, string | readonly string[]>>;

/** A trigger of one kind of event. Members that this dashboard does not know stay as they are. */
export interface EventTriggerDraft {
  readonly type: 'event';
  readonly posture: 'Reactive' | 'Proactive';
  readonly match: LabelMatch;
  readonly match_related: LabelMatch | readonly LabelMatch[];
  readonly after: readonly string[];
  readonly expect: readonly string[];
  readonly for_each: readonly string[];
  readonly threshold: number;
  /** Seconds. */
  readonly within: number;
}

/** A trigger of triggers: some of them in any order, or all in their order. */
export interface CompositeTriggerDraft {
  readonly type: 'compound' | 'sequence';
  readonly require?: number | 'any' | 'all';
  readonly triggers: readonly TriggerDraft[];
  /** Seconds; null for as long as it takes. */
  readonly within: number | null;
}

export type TriggerDraft = EventTriggerDraft | CompositeTriggerDraft;

/** Something to do. What each type has besides is in `action-kinds.ts`. */
export interface ActionDraft {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** An automation while it is written. */
export interface AutomationDraft {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly tags: readonly string[];
  readonly trigger: TriggerDraft;
  readonly actions: readonly ActionDraft[];
  readonly actions_on_trigger: readonly ActionDraft[];
  readonly actions_on_resolve: readonly ActionDraft[];
}

/** The lists of actions that an automation has. */
export const ACTION_LISTS = ['actions', 'actions_on_trigger', 'actions_on_resolve'] as const;

export function emptyTrigger(): EventTriggerDraft {
  return {
    type: 'event',
    posture: 'Reactive',
    match: {},
    match_related: {},
    after: [],
    expect: [],
    for_each: [],
    threshold: 1,
    within: 0,
  };
}

export function emptyDraft(): AutomationDraft {
  return {
    name: '',
    description: '',
    enabled: true,
    tags: [],
    trigger: emptyTrigger(),
    actions: [],
    actions_on_trigger: [],
    actions_on_resolve: [],
  };
}

/** What can be changed of an automation; the ids of its triggers are the server's affair. */
export function draftOf({ id: _id, created: _created, updated: _updated, ...content }: Automation): AutomationDraft {
  return readDraft(content);
}

/**
 * Reads an automation from JSON that somebody typed; members that are absent become what the server would make of them.
 * @throws Error that says what cannot be an automation.
 */
export function readDraft(json: unknown): AutomationDraft {
  const { trigger, ...content } = membersOf(json, 'An automation');
  const draft = { ...emptyDraft(), ...content, trigger: readTrigger(trigger) };
  for (const list of ACTION_LISTS) {
    if (!Array.isArray(draft[list])) throw new Error(`“${list}” has to be a list of actions.`);
    for (const action of draft[list])
      if (typeof membersOf(action, 'An action').type !== 'string') throw new Error('Each action needs a “type”.');
  }
  if (!Array.isArray(draft.tags)) throw new Error('“tags” has to be a list.');
  return draft;
}

function readTrigger(json: unknown): TriggerDraft {
  const { id: _id, ...members } = membersOf(json, 'A trigger');
  if (members.type === 'compound' || members.type === 'sequence') {
    if (!Array.isArray(members.triggers)) throw new Error('A compound or sequence trigger needs “triggers”, a list.');
    const require = members.type === 'compound' ? { require: members.require ?? 'all' } : {};
    const { type } = members;
    return { within: null, ...members, type, ...require, triggers: members.triggers.map(readTrigger) } as CompositeTriggerDraft;
  }
  if (members.type !== undefined && members.type !== 'event')
    throw new Error(`A trigger is of type “event”, “compound” or “sequence”, not “${String(members.type)}”.`);
  const read = { ...emptyTrigger(), ...members } as EventTriggerDraft;
  for (const list of ['after', 'expect', 'for_each'] as const)
    if (!Array.isArray(read[list])) throw new Error(`“${list}” of a trigger has to be a list.`);
  return read;
}

function membersOf(json: unknown, what: string): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error(`${what} has to be an object.`);
  return json as Record<string, unknown>;
}

/** A draft as the API takes it: the same members, with spans of time as text. */
export function bodyOf(draft: AutomationDraft): AutomationCreate {
  // The draft may hold members that are unknown here; the server says which of them it refuses.
  return { ...draft, trigger: triggerBody(draft.trigger) } as unknown as AutomationCreate;
}

function triggerBody(trigger: TriggerDraft): object {
  if (trigger.type === 'event') return { ...trigger, within: span(trigger.within) };
  return { ...trigger, within: span(trigger.within), triggers: trigger.triggers.map(triggerBody) };
}

function span(seconds: unknown): unknown {
  return typeof seconds === 'number' ? `PT${seconds}S` : seconds;
}

/** The labels of a trigger's related resources, always as a list. */
export function relatedMatches({ match_related: match }: EventTriggerDraft): readonly LabelMatch[] {
  if (Array.isArray(match)) return match;
  return Object.keys(match).length > 0 ? [match as LabelMatch] : [];
}

/** What a label may be, always as a list. */
export function valuesOf(match: LabelMatch, label: string): readonly string[] {
  const value = match[label];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

/** The names or ids that resources related in a role are narrowed to. */
export function relatedIn(trigger: EventTriggerDraft, role: string, label: string): readonly string[] {
  const match = relatedMatches(trigger).find((candidate) => valuesOf(candidate, ROLE).includes(role));
  return match ? valuesOf(match, label) : [];
}

/** Narrows the resources related in a role; without values they are free again. */
export function withRelatedIn(
  trigger: EventTriggerDraft,
  role: string,
  label: string,
  values: readonly string[],
): EventTriggerDraft {
  const others = relatedMatches(trigger).filter((candidate) => !valuesOf(candidate, ROLE).includes(role));
  const all = values.length > 0 ? [...others, { [ROLE]: role, [label]: values }] : others;
  return { ...trigger, match_related: all.length === 0 ? {} : all };
}

export const ROLE = 'prefect.resource.role';
export const RESOURCE_ID = 'prefect.resource.id';
export const RESOURCE_NAME = 'prefect.resource.name';
