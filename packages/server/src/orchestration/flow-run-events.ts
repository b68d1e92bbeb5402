import { formatLabelTimestamp, parseTimestamp, SECOND, type State } from '@prefect-ts/protocol';
import type { NewEvent, ResourceLabels } from '../events/event-log.ts';

/** What surrounds a flow run, named in the events about it. */
export interface FlowRunSurroundings {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly flow: Named;
  readonly deployment: Named | null;
  readonly workQueue: Named | null;
  readonly workPool: (Named & { readonly type: string }) | null;
  readonly parentTaskRun: Named | null;
  readonly createdBy: { readonly id?: unknown; readonly type?: unknown; readonly display_value?: unknown } | null;
}

interface Named {
  readonly id: string;
  readonly name: string;
  readonly tags?: readonly string[];
}

/** Two states this far apart no longer count as one following the other. */
const TIGHT = 5 * 60 * SECOND;
const LONGEST_MESSAGE = 100_000;

/** The event that a stored state of a flow run is. Contract: orchestration 8. */
export function flowRunStateEvent(run: FlowRunSurroundings, runCount: number, initial: State | null, stored: State): NewEvent {
  const occurred = parseTimestamp(stored.timestamp) ?? 0;
  const follows = initial && Math.abs(occurred - (parseTimestamp(initial.timestamp) ?? 0)) < TIGHT ? initial.id : null;
  return {
    id: stored.id,
    occurred,
    event: `prefect.flow-run.${stored.name}`,
    resource: {
      'prefect.resource.id': `prefect.flow-run.${run.id}`,
      'prefect.resource.name': run.name,
      'prefect.run-count': String(runCount),
      'prefect.state-message': shortened(stored.message ?? ''),
      'prefect.state-name': stored.name ?? '',
      'prefect.state-timestamp': formatLabelTimestamp(occurred),
      'prefect.state-type': stored.type,
    },
    related: relatedResources(run),
    payload: {
      intended: { from: initial?.type ?? null, to: stored.type },
      initial_state: initial && stateSummary(initial),
      validated_state: stateSummary(stored),
    },
    follows,
  };
}

function relatedResources(run: FlowRunSurroundings): ResourceLabels[] {
  const related: ResourceLabels[] = [resource('flow', run.flow)];
  if (run.deployment) related.push(resource('deployment', run.deployment));
  if (run.workQueue) related.push(resource('work-queue', run.workQueue));
  if (run.workPool) related.push({ ...resource('work-pool', run.workPool), 'prefect.work-pool.type': run.workPool.type });
  if (run.parentTaskRun) related.push(resource('task-run', run.parentTaskRun));
  const tags = new Set([run, run.flow, run.deployment, run.parentTaskRun].flatMap((tagged) => tagged?.tags ?? []));
  for (const tag of [...tags].sort())
    related.push({ 'prefect.resource.id': `prefect.tag.${tag}`, 'prefect.resource.role': 'tag' });
  const creator = creatorResource(run.createdBy);
  if (creator) related.push(creator);
  return related;
}

function resource(kind: string, { id, name }: Named): ResourceLabels {
  return {
    'prefect.resource.id': `prefect.${kind}.${id}`,
    'prefect.resource.role': kind,
    'prefect.resource.name': name,
  };
}

function creatorResource(createdBy: FlowRunSurroundings['createdBy']): ResourceLabels | undefined {
  const kind = createdBy?.type === 'DEPLOYMENT' ? 'deployment' : createdBy?.type === 'AUTOMATION' ? 'automation' : undefined;
  if (!kind || !createdBy) return undefined;
  const labels = { 'prefect.resource.id': `prefect.${kind}.${createdBy.id}`, 'prefect.resource.role': 'creator' };
  return createdBy.display_value ? { ...labels, 'prefect.resource.name': String(createdBy.display_value) } : labels;
}

function stateSummary(state: State): Record<string, string> {
  const summary: Record<string, string> = { type: state.type, name: state.name ?? '' };
  if (state.message) summary.message = shortened(state.message);
  if (state.type === 'PAUSED') summary.pause_reschedule = String(state.state_details.pause_reschedule ?? false);
  return summary;
}

/** Keeps the ends of a message that is too long for an event. */
function shortened(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  const half = LONGEST_MESSAGE / 2;
  return `${message.slice(0, half)}...${message.length - LONGEST_MESSAGE} additional characters...${message.slice(-half)}`;
}
