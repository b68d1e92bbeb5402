import type { LinkProps } from '@tanstack/react-router';

/** The labels of something that an event is about. */
export type Labels = Readonly<Record<string, string>>;

/** A kind of object, with the words for it and where its page is. */
interface ResourceKind {
  readonly words: string;
  link?(id: string, name: string | undefined, near: string | undefined): Pick<LinkProps, 'to' | 'params'> | undefined;
}

const KINDS: Readonly<Record<string, ResourceKind>> = {
  'flow-run': { words: 'Flow run', link: (id) => ({ to: '/runs/flow-run/$id', params: { id } }) },
  'task-run': { words: 'Task run', link: (id) => ({ to: '/runs/task-run/$id', params: { id } }) },
  flow: { words: 'Flow', link: (id) => ({ to: '/flows/flow/$id', params: { id } }) },
  deployment: { words: 'Deployment', link: (id) => ({ to: '/deployments/deployment/$id', params: { id } }) },
  'work-pool': {
    words: 'Work pool',
    link: (_id, name) => (name === undefined ? undefined : { to: '/work-pools/work-pool/$name', params: { name } }),
  },
  'work-queue': { words: 'Work queue' },
  worker: { words: 'Worker' },
  automation: { words: 'Automation', link: (id) => ({ to: '/automations/automation/$id', params: { id } }) },
  'block-document': { words: 'Block' },
  'block-type': { words: 'Block type' },
  'concurrency-limit': { words: 'Concurrency limit' },
  'task-worker': { words: 'Task worker' },
  event: { words: 'Event', link: (id, _name, near) => (near === undefined ? undefined : eventLink({ id, occurred: near })) },
  tag: { words: 'Tag' },
};

/** What a resource is: its kind in words, what to call it, and where its page is, if it has one. */
export interface ResourceDescription {
  readonly kind: string;
  readonly words: string;
  readonly id: string;
  readonly name: string;
  readonly link: Pick<LinkProps, 'to' | 'params'> | undefined;
}

/**
 * Describes the resource of an event, or one related to it, by its labels.
 *
 * @param near when the event occurred, since the address of another event holds its day.
 */
export function describeResource(labels: Labels, near?: string): ResourceDescription {
  const id = labels['prefect.resource.id'] ?? '';
  const given = labels['prefect.resource.name'] ?? labels['prefect.name'];
  const [, kind = '', own = ''] = /^prefect\.([a-z-]+)\.(.+)$/s.exec(id) ?? [];
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  return {
    kind: known ? kind : '',
    words: known?.words ?? 'Resource',
    id,
    name: given ?? (known ? own : id),
    link: own === '' ? undefined : known?.link?.(own, given, near),
  };
}

/** The prefixes that events of one kind of object have in common, with words for them. */
export const EVENT_PREFIXES: readonly { readonly prefix: string; readonly title: string }[] = [
  { prefix: 'prefect.flow-run.', title: 'All of flow runs' },
  { prefix: 'prefect.task-run.', title: 'All of task runs' },
  { prefix: 'prefect.deployment.', title: 'All of deployments' },
  { prefix: 'prefect.work-pool.', title: 'All of work pools' },
  { prefix: 'prefect.work-queue.', title: 'All of work queues' },
  { prefix: 'prefect.worker.', title: 'All of workers' },
  { prefix: 'prefect.automation.', title: 'All of automations' },
];

/** Where an event stands in the addresses of the dashboard: its day, then its id. */
export function eventLink(event: { readonly id: string; readonly occurred: string }) {
  return { to: '/events/event/$date/$id', params: { date: event.occurred.slice(0, 10), id: event.id } } as const;
}
