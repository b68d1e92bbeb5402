import { isUuid } from '@prefect-ts/protocol';
import type { ResourceLabels } from '../events/event-log.ts';
import { ActionError } from './action-error.ts';
import type { ActionMessage } from './firings.ts';
import type { TriggeringEvent } from './triggers.ts';

const NAMES = {
  deployment: 'deployment',
  'work-pool': 'work pool',
  'work-queue': 'work queue',
  automation: 'automation',
} as const;

/** The id of the object that an action is for: the selected one, or the first of its kind in the event. Contract: events 9.2. */
export function targetOf(
  { triggering_event: event }: ActionMessage,
  kind: keyof typeof NAMES,
  { source }: { readonly source: 'selected' | 'inferred' },
  selected: string | null,
): string {
  if (source === 'selected' && selected !== null) return selected;
  const article = kind === 'deployment' ? 'the deployment' : `the ${NAMES[kind]}`;
  if (!event) throw new ActionError(`No event to infer ${article}`);
  const id = firstOf(event, kind);
  if (id === undefined) throw new ActionError(`No ${NAMES[kind]} could be inferred`);
  return id;
}

/** The flow run that an action is for. */
export function flowRunOf({ triggering_labels: labels, triggering_event: event }: ActionMessage): string {
  const id =
    idIn({ 'prefect.resource.id': labels['prefect.resource.id'] ?? '' }, 'flow-run') ?? (event && firstOf(event, 'flow-run'));
  if (!id) throw new ActionError('No flow run could be inferred');
  return id;
}

/** The id of the first object of a kind among those that an event is about. */
export function firstOf({ resource, related }: TriggeringEvent, kind: string): string | undefined {
  for (const labels of [resource, ...related]) {
    const id = idIn(labels, kind);
    if (id !== undefined) return id;
  }
  return undefined;
}

function idIn(labels: ResourceLabels, kind: string): string | undefined {
  const resource = labels['prefect.resource.id'] ?? '';
  const prefix = `prefect.${kind}.`;
  const id = resource.startsWith(prefix) ? resource.slice(prefix.length) : '';
  return isUuid(id) ? id : undefined;
}
