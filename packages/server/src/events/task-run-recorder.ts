import { isUuid, type Micros, parseTimestamp, SECOND, STATE_TYPES, type State, type StateType } from '@prefect-ts/protocol';
import { randomName } from '../names/index.ts';
import { stateRow } from '../orchestration/run-columns.ts';
import { makeState } from '../orchestration/state.ts';
import { insertTaskRunState } from '../orchestration/task-run-transition.ts';
import { insertTaskRun } from '../resources/insert-task-run.ts';
import { taskRunPolicy } from '../resources/run-policies.ts';
import { json } from '../storage/json-columns.ts';
import { statement } from '../storage/statement.ts';
import type { Compilable, QueryBuilder } from '../storage/storage.ts';
import type { TaskRunTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { NewEvent } from './event-log.ts';

/** What an event tells about a task run that its client orchestrates. Contract: orchestration 15.3. */
export interface TaskRunEvent {
  readonly taskRunId: string;
  readonly flowRunId: string | null;
  readonly state: State;
  readonly timestamp: Micros;
  /** Whether this is the run's first state. */
  readonly first: boolean;
  /** The columns that the event names; the others keep their values. */
  readonly columns: Partial<TaskRunTable>;
}

const RESOURCE = 'prefect.task-run.';

/** Reads an event as one about a task run, or gives nothing when it is about something else or makes no sense as such. */
export function taskRunEvent(event: Required<NewEvent>): TaskRunEvent | undefined {
  const { resource, related } = event;
  if (!event.event.startsWith(RESOURCE) || resource['prefect.orchestration'] !== 'client') return undefined;
  const taskRunId = resource['prefect.resource.id']?.slice(RESOURCE.length) ?? '';
  const payload = event.payload as { task_run?: unknown; validated_state?: unknown; initial_state?: unknown };
  if (!isUuid(taskRunId) || !isRecord(payload.task_run) || !isRecord(payload.validated_state)) return undefined;
  const flowRun = related.find((labels) => labels['prefect.resource.role'] === 'flow-run')?.['prefect.resource.id'];
  const flowRunId = flowRun?.slice('prefect.flow-run.'.length) ?? null;
  if (flowRunId !== null && !isUuid(flowRunId)) return undefined;
  const state = stateOf(event, payload.validated_state, taskRunId, flowRunId);
  const columns = columnsOf(payload.task_run);
  if (!state || columns.task_key === undefined || columns.dynamic_key === undefined) return undefined;
  return {
    taskRunId,
    flowRunId,
    state,
    timestamp: parseTimestamp(state.timestamp) ?? event.occurred,
    first: payload.initial_state === null,
    columns,
  };
}

function stateOf(
  event: Required<NewEvent>,
  validated: Record<string, unknown>,
  taskRunId: string,
  flowRunId: string | null,
): State | undefined {
  const { type, name, message, data, state_details, id, timestamp } = validated;
  if (!(STATE_TYPES as readonly unknown[]).includes(type)) return undefined;
  const state = makeState(
    {
      type: type as StateType,
      name: typeof name === 'string' ? name : null,
      message: typeof message === 'string' ? message : null,
      data,
      state_details: isRecord(state_details) ? state_details : {},
    },
    typeof timestamp === 'string' ? (parseTimestamp(timestamp) ?? event.occurred) : event.occurred,
  );
  state.id = typeof id === 'string' && isUuid(id) ? id : event.id;
  state.state_details.task_run_id = taskRunId;
  state.state_details.flow_run_id = flowRunId;
  return state;
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const textOrNull = (value: unknown) => (value === null ? null : text(value));
const count = (value: unknown) => (typeof value === 'number' && Number.isInteger(value) ? value : undefined);
const time = (value: unknown) => (value === null ? null : typeof value === 'string' ? parseTimestamp(value) : undefined);
const jsonObject = (value: unknown) => (isRecord(value) ? json(value) : undefined);

/** How each member of a task run in an event is stored; a value of the wrong type counts as not sent. */
const READERS: { readonly [Column in keyof TaskRunTable]?: (value: unknown) => TaskRunTable[Column] | undefined } = {
  name: text,
  task_key: text,
  dynamic_key: text,
  cache_key: textOrNull,
  cache_expiration: time,
  task_version: textOrNull,
  empirical_policy: (value) => (isRecord(value) ? json(taskRunPolicy(value)) : undefined),
  tags: (value) => (Array.isArray(value) ? json(value) : undefined),
  labels: jsonObject,
  task_inputs: jsonObject,
  run_count: count,
  flow_run_run_count: count,
  expected_start_time: time,
  next_scheduled_start_time: time,
  start_time: time,
  end_time: time,
  total_run_time: (value) => (typeof value === 'number' ? Math.round(value * SECOND) : undefined),
};

function columnsOf(taskRun: Record<string, unknown>): Partial<TaskRunTable> {
  const columns: Record<string, unknown> = {};
  for (const column in READERS) {
    if (!(column in taskRun)) continue;
    const value = READERS[column as keyof TaskRunTable]?.(taskRun[column]);
    if (value !== undefined) columns[column] = value;
  }
  return columns as Partial<TaskRunTable>;
}

/**
 * Writes what events tell about task runs: every state, and on the row of each run what its newest event says. Events may come twice,
 * late or in any order. Answers those whose flow run is not there.
 */
export async function recordTaskRuns(unit: WorkUnit, events: readonly TaskRunEvent[]): Promise<TaskRunEvent[]> {
  const waiting: TaskRunEvent[] = [];
  const recorded: string[] = [];
  const flowRuns = new Map<string, boolean>();
  for (const group of groupsOf(events)) {
    const flowRunId = group[0]?.flowRunId ?? null;
    if (flowRunId !== null && !(await exists(unit, flowRunId, flowRuns))) waiting.push(...group);
    else recorded.push(await recordGroup(unit, group));
  }
  if (recorded.length > 0) unit.announce('changed', { kind: 'task-run', ids: recorded });
  return waiting;
}

/** Events about one run, oldest first; runs stay in the order in which they first appear. */
function groupsOf(events: readonly TaskRunEvent[]): TaskRunEvent[][] {
  const groups = new Map<string, TaskRunEvent[]>();
  for (const event of events) {
    const group = groups.get(event.taskRunId);
    if (group) group.push(event);
    else groups.set(event.taskRunId, [event]);
  }
  const result = [...groups.values()];
  for (const group of result) group.sort((a, b) => a.timestamp - b.timestamp);
  return result;
}

async function exists(unit: WorkUnit, flowRunId: string, known: Map<string, boolean>): Promise<boolean> {
  let found = known.get(flowRunId);
  if (found === undefined) {
    found = (await unit.first(flowRunExists(unit.db, { id: flowRunId }))) !== undefined;
    known.set(flowRunId, found);
  }
  return found;
}

/** Records a group and answers the id under which the run is kept. */
async function recordGroup(unit: WorkUnit, group: readonly TaskRunEvent[]): Promise<string> {
  const newest = merged(group);
  const startsHere = group.some(({ first }) => first);
  // A run's first event makes its row, the others change it; only what is out of the ordinary needs a look first.
  const done = startsHere ? await insertRun(unit, newest) : await updateRun(unit, newest, newest.taskRunId);
  const id = done ? newest.taskRunId : await upsertRun(unit, newest);
  for (const { state } of group) await unit.run(insertTaskRunState(unit.db, stateRow(id, state)));
  return id;
}

/** The newest event, with the columns that only those before it name. */
function merged(group: readonly TaskRunEvent[]): TaskRunEvent {
  return group.reduce((before, event) => ({ ...event, columns: { ...before.columns, ...event.columns } }));
}

async function upsertRun(unit: WorkUnit, event: TaskRunEvent): Promise<string> {
  const { taskRunId, flowRunId, columns } = event;
  const byKeys =
    flowRunId === null
      ? undefined
      : await unit.first(
          unit.db
            .selectFrom('task_run')
            .select('id')
            .where('flow_run_id', '=', flowRunId)
            .where('task_key', '=', columns.task_key ?? '')
            .where('dynamic_key', '=', columns.dynamic_key ?? ''),
        );
  const id = byKeys?.id ?? taskRunId;
  if (!(await updateRun(unit, event, id))) await insertRun(unit, event);
  return id;
}

async function insertRun(unit: WorkUnit, event: TaskRunEvent): Promise<boolean> {
  const row: TaskRunTable = {
    name: randomName(),
    task_key: '',
    dynamic_key: '',
    cache_key: null,
    cache_expiration: null,
    task_version: null,
    empirical_policy: DEFAULT_POLICY,
    tags: '[]',
    labels: '{}',
    task_inputs: '{}',
    run_count: 0,
    flow_run_run_count: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    ...event.columns,
    ...stateColumns(event),
    id: event.taskRunId,
    created: unit.now,
    updated: unit.now,
    flow_run_id: event.flowRunId,
  };
  return (await unit.run(insertTaskRun(unit.db, row))) > 0;
}

const DEFAULT_POLICY = json(taskRunPolicy({}));

/** Only forward in time: an event older than what the row tells changes nothing. Answers whether it did. */
async function updateRun(unit: WorkUnit, event: TaskRunEvent, id: string): Promise<boolean> {
  const columns = { ...event.columns, ...stateColumns(event), flow_run_id: event.flowRunId, updated: unit.now };
  return (await unit.run(updateStatement(Object.keys(columns))(unit.db, { ...columns, match: id }))) > 0;
}

function stateColumns({ state, timestamp }: TaskRunEvent) {
  return {
    state_id: state.id,
    state_type: state.type,
    state_name: state.name,
    state_timestamp: timestamp,
    state: json(state),
  };
}

type Update = (db: QueryBuilder, args: Record<string, unknown>) => Compilable<unknown>;

const updates = new Map<string, Update>();

/** Events name a few different sets of columns; each set has its statement. */
function updateStatement(columns: readonly string[]): Update {
  const shape = columns.join();
  let update = updates.get(shape);
  if (!update) {
    update = statement((db, p: Record<string, never>) =>
      db
        .updateTable('task_run')
        .set(Object.fromEntries(columns.map((column) => [column, p[column]])))
        .where('id', '=', p.match as unknown as string)
        .where('state_timestamp', '<', p.state_timestamp as unknown as number),
    ) as Update;
    updates.set(shape, update);
  }
  return update;
}

const flowRunExists = statement((db, p: { id: string }) => db.selectFrom('flow_run').select('id').where('id', '=', p.id));

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
