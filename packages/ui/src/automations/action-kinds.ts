import type { ActionDraft } from './draft.ts';

/** An object that an action is done to: one that is chosen, or the one that the event is about. */
export interface ActionTarget {
  readonly member: 'deployment_id' | 'work_pool_id' | 'work_queue_id' | 'automation_id';
  readonly kind: 'deployment' | 'work-pool' | 'work-queue' | 'automation';
  readonly words: string;
}

const DEPLOYMENT: ActionTarget = { member: 'deployment_id', kind: 'deployment', words: 'deployment' };
const WORK_POOL: ActionTarget = { member: 'work_pool_id', kind: 'work-pool', words: 'work pool' };
const WORK_QUEUE: ActionTarget = { member: 'work_queue_id', kind: 'work-queue', words: 'work queue' };
const AUTOMATION: ActionTarget = { member: 'automation_id', kind: 'automation', words: 'automation' };

/** A kind of action: what it is called, what it is done to, and what it begins with. */
export interface ActionKind {
  readonly type: string;
  readonly title: string;
  readonly group: 'Flow runs' | 'Tell somebody' | 'Deployments' | 'Work' | 'Automations' | 'Other';
  readonly target?: ActionTarget;
  readonly begin?: Readonly<Record<string, unknown>>;
}

const BODY = [
  'Flow run {{ flow_run.name }} of {{ flow.name }} entered {{ flow_run.state.name }} at {{ flow_run.state.timestamp }}.',
  'Message: {{ flow_run.state.message }}',
  'See {{ flow_run|ui_url }}',
].join('\n');

/** Every kind of action, in the order in which they are offered. */
export const ACTION_KINDS: readonly ActionKind[] = [
  { type: 'cancel-flow-run', title: 'Cancel the flow run', group: 'Flow runs' },
  { type: 'suspend-flow-run', title: 'Suspend the flow run', group: 'Flow runs' },
  { type: 'resume-flow-run', title: 'Resume the flow run', group: 'Flow runs' },
  {
    type: 'change-flow-run-state',
    title: 'Change the state of the flow run',
    group: 'Flow runs',
    begin: { state: 'CANCELLED', name: null, message: null, force: false },
  },
  { type: 'delete-flow-run', title: 'Delete the flow run', group: 'Flow runs' },
  {
    type: 'send-notification',
    title: 'Send a notification',
    group: 'Tell somebody',
    begin: { block_document_id: '', subject: 'Run {{ flow_run.name }}: {{ flow_run.state.name }}', body: BODY },
  },
  {
    type: 'call-webhook',
    title: 'Call a webhook',
    group: 'Tell somebody',
    begin: { block_document_id: '', payload: '{"event": "{{ event.event }}"}' },
  },
  {
    type: 'run-deployment',
    title: 'Run a deployment',
    group: 'Deployments',
    target: DEPLOYMENT,
    begin: { parameters: null, job_variables: null },
  },
  { type: 'pause-deployment', title: 'Pause a deployment', group: 'Deployments', target: DEPLOYMENT },
  { type: 'resume-deployment', title: 'Resume a deployment', group: 'Deployments', target: DEPLOYMENT },
  { type: 'pause-work-pool', title: 'Pause a work pool', group: 'Work', target: WORK_POOL },
  { type: 'resume-work-pool', title: 'Resume a work pool', group: 'Work', target: WORK_POOL },
  { type: 'pause-work-queue', title: 'Pause a work queue', group: 'Work', target: WORK_QUEUE },
  { type: 'resume-work-queue', title: 'Resume a work queue', group: 'Work', target: WORK_QUEUE },
  { type: 'pause-automation', title: 'Pause an automation', group: 'Automations', target: AUTOMATION },
  { type: 'resume-automation', title: 'Resume an automation', group: 'Automations', target: AUTOMATION },
  { type: 'do-nothing', title: 'Do nothing', group: 'Other' },
];

/** The kind of an action; nothing for one that is unknown here. */
export function actionKind(type: string): ActionKind | undefined {
  return ACTION_KINDS.find((kind) => kind.type === type);
}

/** An action as it begins; what it acts upon has to be chosen. */
export function newAction(type: string): ActionDraft {
  const kind = actionKind(type);
  const target = kind?.target ? { source: 'selected', [kind.target.member]: null } : {};
  return { type, ...target, ...kind?.begin };
}

/** What an action still lacks, in words; nothing when it can be saved. */
export function actionProblem(action: ActionDraft): string | undefined {
  const kind = actionKind(action.type);
  if (kind?.target && action.source !== 'inferred' && !action[kind.target.member]) return `Choose a ${kind.target.words}.`;
  if ('block_document_id' in action && !action.block_document_id) return 'Choose a block that sends it.';
  return undefined;
}
