import type { DatabaseSync } from 'node:sqlite';
import { uuid4, uuid7 } from '@prefect-ts/protocol';

/** A JSON object as it came in: the limit server takes everything on trust. */
export type Json = Record<string, unknown>;

/** What writes and reads the rows of the limit server; each statement is prepared once. */
export function limitRows(database: DatabaseSync) {
  const insertState = {
    flow_run: database.prepare('INSERT OR IGNORE INTO flow_run_state VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
    task_run: database.prepare('INSERT OR IGNORE INTO task_run_state VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
  };
  const setState = (table: 'flow_run' | 'task_run') =>
    database.prepare(
      `UPDATE ${table} SET state_id = ?, state_type = ?, state_name = ?, state_timestamp = ?, updated = ?, run_count = run_count + ?,
       start_time = coalesce(start_time, ?), end_time = ?, next_scheduled_start_time = NULL WHERE id = ? RETURNING name`,
    );
  const updateState = { flow_run: setState('flow_run'), task_run: setState('task_run') };
  const insertFlowRun = database.prepare(
    `INSERT INTO flow_run (id, created, updated, name, expected_start_time, next_scheduled_start_time, tags, labels, empirical_policy,
     flow_id, deployment_id, queue_id, parameters, context, job_variables) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const upsertTaskRun = database.prepare(
    `INSERT INTO task_run (id, created, updated, name, expected_start_time, tags, labels, empirical_policy, flow_run_id, task_key,
     dynamic_key, task_inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET updated = excluded.updated, task_inputs = excluded.task_inputs`,
  );
  const insertLog = database.prepare('INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const insertEvent = database.prepare('INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const insertResource = database.prepare('INSERT INTO event_resource VALUES (?, ?, ?, ?, ?)');

  function addEvent(event: Json): void {
    const id = String(event.id);
    const occurred = micros(event.occurred);
    const resource = event.resource as Record<string, string>;
    const related = (event.related ?? []) as Record<string, string>[];
    const now = Date.now() * 1000;
    insertEvent.run(
      id,
      occurred,
      String(event.event),
      resource['prefect.resource.id'] ?? '',
      JSON.stringify(resource),
      JSON.stringify(related),
      JSON.stringify(event.payload ?? {}),
      event.follows === undefined ? null : String(event.follows),
      now,
      now,
    );
    for (const labels of [resource, ...related]) {
      insertResource.run(
        id,
        occurred,
        labels['prefect.resource.id'] ?? '',
        labels['prefect.resource.role'] ?? '',
        JSON.stringify(labels),
      );
    }
  }

  function addState(table: 'flow_run' | 'task_run', runId: string, proposed: Json): Json {
    const type = String(proposed.type);
    const state = {
      id: proposed.id === undefined ? uuid7() : String(proposed.id),
      type,
      name: proposed.name === undefined ? type.charAt(0) + type.slice(1).toLowerCase() : String(proposed.name),
      timestamp: proposed.timestamp === undefined ? new Date().toISOString() : String(proposed.timestamp),
      message: null,
      data: null,
      state_details: proposed.state_details ?? {},
    };
    const at = micros(state.timestamp);
    const details = JSON.stringify(state.state_details);
    insertState[table].run(state.id, runId, type, state.name, at, null, details, null);
    const ended = type === 'COMPLETED' ? at : null;
    const running = type === 'RUNNING';
    const row = updateState[table].get(state.id, type, state.name, at, at, running ? 1 : 0, running ? at : null, ended, runId);
    if (table === 'flow_run') addEvent(flowRunEvent(state, runId, String(row?.name)));
    return state;
  }

  function addFlowRun(run: Json): Json {
    const id = uuid4();
    const now = Date.now() * 1000;
    const name = String(run.name ?? 'unnamed');
    insertFlowRun.run(
      id,
      now,
      now,
      name,
      now,
      now,
      JSON.stringify(run.tags ?? []),
      '{}',
      '{}',
      String(run.flow_id),
      run.deployment_id === undefined ? null : String(run.deployment_id),
      run.queue_id === undefined ? null : String(run.queue_id),
      JSON.stringify(run.parameters ?? {}),
      '{}',
      '{}',
    );
    return { id, name, flow_id: run.flow_id, state: addState('flow_run', id, (run.state ?? { type: 'PENDING' }) as Json) };
  }

  function addTaskRun(run: Json): Json {
    const id = String(run.id ?? uuid4());
    const now = Date.now() * 1000;
    upsertTaskRun.run(
      id,
      now,
      now,
      String(run.name ?? run.task_key),
      now,
      JSON.stringify(run.tags ?? []),
      '{}',
      JSON.stringify(run.empirical_policy ?? {}),
      run.flow_run_id === undefined ? null : String(run.flow_run_id),
      String(run.task_key),
      String(run.dynamic_key),
      JSON.stringify(run.task_inputs ?? {}),
    );
    return { id, state: addState('task_run', id, (run.state ?? { type: 'PENDING' }) as Json) };
  }

  /** Records a task run's event as the event it is and as the run and state that it tells of. */
  function recordTaskEvent(event: Json): void {
    addEvent(event);
    const id = resourceId(event.resource as Json).slice('prefect.task-run.'.length);
    const flowRun = (event.related as Json[]).find((related) => related['prefect.resource.role'] === 'flow-run');
    const payload = event.payload as Json;
    const state = { ...(payload.validated_state as Json), id: event.id, timestamp: event.occurred };
    const flowRunId = flowRun === undefined ? undefined : resourceId(flowRun).slice('prefect.flow-run.'.length);
    addTaskRun({ ...(payload.task_run as Json), id, flow_run_id: flowRunId, state });
  }

  function addLog(log: Json): void {
    const text = (value: unknown) => (value === undefined || value === null ? null : String(value));
    const at = micros(log.timestamp);
    const [flowRunId, taskRunId] = [text(log.flow_run_id), text(log.task_run_id)];
    insertLog.run(uuid7(), Date.now() * 1000, String(log.name), Number(log.level), String(log.message), at, flowRunId, taskRunId);
  }

  return { addEvent, addState, addFlowRun, addTaskRun, recordTaskEvent, addLog };
}

function flowRunEvent(state: Json, runId: string, runName: string): Json {
  return {
    id: state.id,
    occurred: state.timestamp,
    event: `prefect.flow-run.${state.name}`,
    resource: {
      'prefect.resource.id': `prefect.flow-run.${runId}`,
      'prefect.resource.name': runName,
      'prefect.state-name': state.name,
      'prefect.state-type': state.type,
      'prefect.state-timestamp': state.timestamp,
    },
    related: [{ 'prefect.resource.id': 'prefect.flow.bench', 'prefect.resource.role': 'flow', 'prefect.resource.name': 'bench' }],
    payload: { intended: { to: state.type }, validated_state: { type: state.type, name: state.name, message: '' } },
  };
}

function resourceId(resource: Json): string {
  return String(resource['prefect.resource.id']);
}

function micros(time: unknown): number {
  return Date.parse(String(time)) * 1000;
}
