import { type EventTriggerDraft, emptyTrigger, RESOURCE_ID } from './draft.ts';

/** A common case to begin with. */
export interface TriggerTemplate {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  trigger(): EventTriggerDraft;
}

const MINUTE = 60;

/** Reacts to events of every object of a kind, each on its own. */
function on(kind: string, ...events: string[]): EventTriggerDraft {
  return {
    ...emptyTrigger(),
    match: { [RESOURCE_ID]: `prefect.${kind}.*` },
    expect: events.map((event) => `prefect.${kind}.${event}`),
    for_each: [RESOURCE_ID],
  };
}

export const TEMPLATES: readonly TriggerTemplate[] = [
  {
    id: 'run-fails',
    title: 'A run fails',
    description: 'Failed, crashed or timed out',
    trigger: () => on('flow-run', 'Failed', 'Crashed', 'TimedOut'),
  },
  {
    id: 'run-late',
    title: 'A run is late',
    description: 'Nothing has started it in time',
    trigger: () => on('flow-run', 'Late'),
  },
  {
    id: 'run-stuck',
    title: 'A run takes too long',
    description: 'Stays in a state for longer than it should',
    trigger: () => ({
      ...on('flow-run', '*'),
      posture: 'Proactive',
      after: ['prefect.flow-run.Running'],
      within: 60 * MINUTE,
    }),
  },
  {
    id: 'run-completes',
    title: 'A run completes',
    description: 'To start the next thing',
    trigger: () => on('flow-run', 'Completed'),
  },
  {
    id: 'deployment-not-ready',
    title: 'Deployment not ready',
    description: 'Nobody polls for its runs',
    trigger: () => on('deployment', 'not-ready'),
  },
  {
    id: 'pool-not-ready',
    title: 'Work pool not ready',
    description: 'All its workers are gone',
    trigger: () => on('work-pool', 'not-ready'),
  },
  {
    id: 'queue-not-ready',
    title: 'Work queue not ready',
    description: 'No worker polls it',
    trigger: () => on('work-queue', 'not-ready'),
  },
  { id: 'custom', title: 'Custom', description: 'Any event at all', trigger: () => ({ ...emptyTrigger(), expect: [] }) },
];

/** The states of flow runs whose events triggers react to. */
const RUN_EVENTS = [
  'Scheduled',
  'Late',
  'Pending',
  'Running',
  'Completed',
  'Failed',
  'Crashed',
  'TimedOut',
  'Cancelling',
  'Cancelled',
  'Paused',
  'Suspended',
  'AwaitingRetry',
  'Retrying',
  'Resuming',
].map((state) => `prefect.flow-run.${state}`);

/** Events that happen often, to choose from. */
export const KNOWN_EVENTS: readonly string[] = [
  ...RUN_EVENTS,
  'prefect.flow-run.*',
  ...['ready', 'not-ready', 'disabled'].map((state) => `prefect.deployment.${state}`),
  ...['ready', 'not-ready', 'paused'].map((state) => `prefect.work-pool.${state}`),
  ...['ready', 'not-ready', 'paused'].map((state) => `prefect.work-queue.${state}`),
  'prefect.automation.triggered',
  'prefect.automation.action.failed',
];
