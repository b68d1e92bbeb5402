import { formatLabelTimestamp, formatTimestamp, type Micros, SECOND, type StateDetailsInput } from '@prefect-ts/protocol';
import type { TaskRunScope } from '../engine/task-scope.ts';
import type { State } from '../states/state.ts';
import { sendEvent } from './emit.ts';

const LONGEST_MESSAGE = 100_000;
const FOLLOWS_WITHIN: Micros = 300 * SECOND;

/** Tells the server that a task run entered a state; the event is all it ever hears of the run (contract, SDK 14). */
export function emitTaskRunState(scope: TaskRunScope, previous: State | undefined, state: State): void {
  const name = `prefect.task-run.${state.name}`;
  sendEvent(scope.session, name, writeEvent(name, scope, previous, state));
}

function writeEvent(event: string, scope: TaskRunScope, previous: State | undefined, state: State): string {
  const { run } = scope;
  const occurred = formatTimestamp(state.time);
  const message = cut(state.message);
  return JSON.stringify({
    id: state.id,
    occurred,
    event,
    resource: {
      'prefect.resource.id': `prefect.task-run.${run.id}`,
      'prefect.resource.name': run.name,
      'prefect.run-count': String(run.runCount),
      'prefect.state-message': message,
      'prefect.state-name': state.name,
      'prefect.state-timestamp': formatLabelTimestamp(state.time),
      'prefect.state-type': state.type,
      'prefect.orchestration': 'client',
    },
    related: scope.related,
    payload: {
      intended: { from: previous?.type ?? null, to: state.type },
      initial_state: previous
        ? {
            type: previous.type,
            name: previous.name,
            message: cut(previous.message),
            state_details: sentDetails(previous.details),
          }
        : null,
      validated_state: {
        type: state.type,
        name: state.name,
        message,
        state_details: sentDetails(state.details),
        data: state.metadata && { ...state.metadata, serializer: { type: state.metadata.serializer.type } },
      },
      task_run: snapshot(scope),
    },
    follows: previous && state.time - previous.time < FOLLOWS_WITHIN ? previous.id : null,
  });
}

function snapshot({ run, task }: TaskRunScope): Record<string, unknown> {
  return {
    name: run.name,
    task_key: run.taskKey,
    dynamic_key: run.dynamicKey,
    // Keys without a value are left out by JSON.
    task_version: task.version,
    empirical_policy: {
      max_retries: 0,
      retry_delay_seconds: 0,
      retries: run.retries,
      retry_delay: task.retryDelays.length > 1 ? task.retryDelays : (task.retryDelays[0] ?? 0),
      retry_jitter_factor: task.retryJitter,
    },
    tags: run.tags,
    labels: {},
    task_inputs: run.taskInputs,
    run_count: run.runCount,
    flow_run_run_count: run.flowRunRunCount,
    expected_start_time: formatTimestamp(run.expectedStart),
    next_scheduled_start_time: run.nextScheduledStart === undefined ? undefined : formatTimestamp(run.nextScheduledStart),
    start_time: run.startTime === undefined ? undefined : formatTimestamp(run.startTime),
    end_time: run.endTime === undefined ? undefined : formatTimestamp(run.endTime),
    total_run_time: run.totalRunTime / SECOND,
  };
}

/** What is set, without the ids that the event tells elsewhere. */
function sentDetails(details: StateDetailsInput): StateDetailsInput {
  const sent: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(details)) {
    if (value !== null && value !== undefined && key !== 'task_run_id' && key !== 'flow_run_id') sent[key] = value;
  }
  return sent;
}

function cut(message: string | null): string {
  return message === null ? '' : message.slice(0, LONGEST_MESSAGE);
}
