import { formatSpan } from '../widgets/time-text.ts';
import { actionKind } from './action-kinds.ts';
import {
  type ActionDraft,
  type AutomationDraft,
  type CompositeTriggerDraft,
  type EventTriggerDraft,
  type LabelMatch,
  RESOURCE_ID,
  RESOURCE_NAME,
  ROLE,
  relatedMatches,
  type TriggerDraft,
  valuesOf,
} from './draft.ts';

/** The whole automation in one sentence: “When a flow run of etl fails, cancel the flow run.” */
export function automationSentence({ trigger, actions, actions_on_trigger: more }: AutomationDraft, names?: Names): string {
  const all = [...actions, ...more].map((action) => actionPhrase(action, names));
  return `When ${triggerPhrase(trigger)}, ${all.length === 0 ? 'nothing is done yet' : joinWords(all, 'and')}.`;
}

/** What the objects that actions name by id are called. */
export type Names = ReadonlyMap<string, string>;

/** What makes a trigger fire, to be read after “when”. */
export function triggerPhrase(trigger: TriggerDraft): string {
  return trigger.type === 'event' ? eventPhrase(trigger) : compositePhrase(trigger);
}

function compositePhrase({ type, triggers, require, within }: CompositeTriggerDraft): string {
  const parts = triggers.map(triggerPhrase);
  const time = within === null ? '' : ` within ${spanWords(within)}`;
  if (parts.length === 0) return 'one of no triggers fires';
  if (type === 'sequence') return `${parts.join(', and then ')}${time}`;
  const all = require === 'all' || require === undefined || require === parts.length;
  if (all) return `${joinWords(parts, 'and')}${time}`;
  if (require === 'any' || require === 1) return joinWords(parts, 'or');
  return `${require} of these happen${time}: ${parts.join('; ')}`;
}

function eventPhrase(trigger: EventTriggerDraft): string {
  const subject = subjectPhrase(trigger);
  const happens = joinWords(trigger.expect.map(verbPhrase), 'or') || 'does anything';
  if (trigger.posture === 'Proactive') return absencePhrase(trigger, subject, happens);
  const after = trigger.after.length > 0 ? ` after it ${joinWords(trigger.after.map(verbPhrase), 'or')}` : '';
  if (trigger.threshold > 1) {
    const time = trigger.within > 0 ? ` within ${spanWords(trigger.within)}` : '';
    return `${subject} ${happens}${after} ${trigger.threshold} times${time}`;
  }
  return `${subject} ${happens}${after}`;
}

function absencePhrase({ expect, after, within }: EventTriggerDraft, subject: string, happens: string): string {
  const time = spanWords(within);
  const [begin] = after;
  const anything = expect.length === 0 || expect.some((event) => /^\*$|^prefect\.[a-z-]+\.\*$/.test(event));
  if (begin === undefined)
    return anything ? `${subject} does nothing for ${time}` : `${subject} has not ${pastOf(happens)} for ${time}`;
  const state = stateOf(begin);
  if (after.length === 1 && anything && state !== undefined) return `${subject} stays ${state} for ${time}`;
  const started = joinWords(after.map(verbPhrase), 'or');
  return anything
    ? `${subject} ${started} and nothing follows within ${time}`
    : `${subject} ${started} and does not ${infinitiveOf(happens)} within ${time}`;
}

/** What the events are about, with what narrows it. */
function subjectPhrase(trigger: EventTriggerDraft): string {
  const ids = valuesOf(trigger.match, RESOURCE_ID);
  const kinds = new Set([...ids, ...trigger.expect, ...trigger.after].flatMap((text) => kindOf(text) ?? []));
  const [kind] = kinds;
  const noun = kinds.size === 1 && kind !== undefined ? (NOUNS[kind] ?? kind.replaceAll('-', ' ')) : 'anything';
  const exact = ids.filter((id) => !id.endsWith('*') && id !== '');
  const names = valuesOf(trigger.match, RESOURCE_NAME);
  const article = noun === 'anything' ? '' : /^[aeiou]/.test(noun) ? 'an ' : 'a ';
  const subject =
    names.length > 0
      ? `${noun === 'anything' ? 'the resource' : `the ${noun}`} ${joinWords(names.map(quoted), 'or')}`
      : exact.length > 0
        ? `${noun === 'anything' ? 'the resource' : `the ${noun}`} ${joinWords(exact.map(shortId), 'or')}`
        : `${article}${noun}`;
  const others = Object.keys(trigger.match).filter((label) => label !== RESOURCE_ID && label !== RESOURCE_NAME);
  const narrowed = [
    ...others.map((label) => labelPhrase(trigger.match, label)),
    ...relatedMatches(trigger).map(relatedPhrase),
  ].filter((words) => words !== '');
  return [subject, ...narrowed].join(' ');
}

function relatedPhrase(match: LabelMatch): string {
  const roles = valuesOf(match, ROLE);
  const values = [...valuesOf(match, RESOURCE_NAME).map(quoted), ...valuesOf(match, RESOURCE_ID).map(shortId)];
  const others = Object.keys(match)
    .filter((label) => label !== ROLE && label !== RESOURCE_ID && label !== RESOURCE_NAME)
    .map((label) => labelPhrase(match, label));
  const [role] = roles;
  if (role === 'tag' && values.length > 0) return `tagged ${joinWords(values, 'or')}`;
  const words =
    roles.length > 0
      ? joinWords(
          roles.map((text) => NOUNS[text] ?? text.replaceAll('-', ' ')),
          'or',
        )
      : 'something';
  return ['of the', words, joinWords(values, 'or'), ...others].filter((part) => part !== '').join(' ');
}

function labelPhrase(match: LabelMatch, label: string): string {
  return `whose ${label} is ${joinWords(valuesOf(match, label).map(quoted), 'or')}`;
}

const NOUNS: Readonly<Record<string, string>> = {
  'flow-run': 'flow run',
  'task-run': 'task run',
  'work-pool': 'work pool',
  'work-queue': 'work queue',
  'block-document': 'block',
};

const VERBS: Readonly<Record<string, string>> = {
  Completed: 'completes',
  Failed: 'fails',
  Crashed: 'crashes',
  TimedOut: 'times out',
  Late: 'is late',
  Cancelled: 'is cancelled',
  Cancelling: 'is being cancelled',
  Paused: 'is paused',
  Suspended: 'is suspended',
  Scheduled: 'is scheduled',
  Pending: 'is pending',
  Running: 'starts running',
  Retrying: 'is retried',
  AwaitingRetry: 'awaits a retry',
  Resuming: 'resumes',
  ready: 'becomes ready',
  'not-ready': 'is not ready',
  disabled: 'is disabled',
  paused: 'is paused',
  created: 'is created',
  updated: 'is changed',
  deleted: 'is deleted',
  triggered: 'is triggered',
};

/** What an event means for what it is about: `prefect.flow-run.Failed` reads “fails”. */
function verbPhrase(event: string): string {
  if (event === '*') return 'does anything';
  const known = /^prefect\.[a-z-]+\.(.+)$/s.exec(event);
  const own = known?.[1];
  if (own === undefined) return `emits ${quoted(event)}`;
  if (own === '*') return 'changes';
  return VERBS[own] ?? `emits ${quoted(event)}`;
}

function stateOf(event: string): string | undefined {
  return /^prefect\.flow-run\.([A-Za-z]+)$/.exec(event)?.[1];
}

function infinitiveOf(phrase: string): string {
  return phrase
    .replaceAll(/\bis\b/g, 'become')
    .replaceAll(/\b(become|time|complete|fail|start|emit|change|resume|await)s\b/g, '$1')
    .replaceAll('crashes', 'crash');
}

function pastOf(phrase: string): string {
  return phrase
    .replaceAll(/\bis\b/g, 'been')
    .replaceAll('becomes', 'become')
    .replaceAll(/\b(complete|change|resume)s\b/g, '$1d')
    .replaceAll(/\b(fail|start|await)s\b/g, '$1ed')
    .replaceAll('emits', 'emitted')
    .replaceAll('crashes', 'crashed')
    .replaceAll('times out', 'timed out');
}

/** What an action does, to be read after “when …,”. */
export function actionPhrase(action: ActionDraft, names: Names = new Map()): string {
  const kind = actionKind(action.type);
  if (!kind) return `do ${quoted(action.type)}`;
  if (kind.target) {
    const verb = kind.title.slice(0, kind.title.indexOf(' ')).toLowerCase();
    if (action.source === 'inferred') return `${verb} the ${kind.target.words} that the event is about`;
    const id = action[kind.target.member];
    if (typeof id !== 'string' || id === '') return `${verb} a ${kind.target.words} that is still to be chosen`;
    return `${verb} the ${kind.target.words} ${quoted(names.get(id) ?? id.slice(0, 8))}`;
  }
  if (action.type === 'change-flow-run-state') {
    const state = typeof action.name === 'string' && action.name !== '' ? action.name : String(action.state).toLowerCase();
    return `set the flow run to ${quoted(state)}`;
  }
  if ('block_document_id' in action) {
    const block = names.get(String(action.block_document_id));
    return `${lowerFirst(kind.title)}${block ? ` through ${quoted(block)}` : ''}`;
  }
  return lowerFirst(kind.title);
}

/** Seconds in words: `90` reads “1 m 30 s”. */
function spanWords(seconds: number): string {
  return formatSpan(seconds * 1000);
}

function kindOf(text: string): string | undefined {
  return /^prefect\.([a-z-]+)\./.exec(text)?.[1];
}

function shortId(id: string): string {
  return quoted(id.replace(/^prefect\.[a-z-]+\./, '').replace(/^([0-9a-f]{8})-[0-9a-f-]{27}$/, '$1'));
}

function quoted(text: string): string {
  return `“${text}”`;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
function joinWords(parts: readonly string[], conjunction: 'and' | 'or'): string {
  if (parts.length <= 1) return parts[0] ?? '';
  return `${parts.slice(0, -1).join(', ')} ${conjunction} ${parts.at(-1)}`;
}
