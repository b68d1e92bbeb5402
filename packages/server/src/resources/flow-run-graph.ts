import {
  formatTimestamp,
  type Graph,
  type GraphArtifact,
  type Micros,
  type Node,
  parseTimestamp,
  type StateType,
} from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { parseJson } from '../storage/json-columns.ts';
import { timestampOrNull } from './flow-runs.ts';

type TaskInputs = Readonly<Record<string, readonly { readonly id?: string }[]>>;

/** The most nodes and artifacts that a graph shows. */
const MOST_NODES = 10_000;

/** The runs of a flow run and how they depend on each other. Contract: orchestration 13.1. */
export async function flowRunGraph(core: Core, id: string, since: string | undefined): Promise<Graph> {
  const db = core.storage.builder;
  const run = await core.read.first(
    db.selectFrom('flow_run').select(['start_time', 'expected_start_time', 'end_time']).where('id', '=', id),
  );
  if (!run) throw new DetailError(404, `Flow run ${id} not found`);
  const rows = await readNodes(core, id);
  if (rows.length > MOST_NODES) throw new DetailError(400, `The graph of flow run ${id} has more than ${MOST_NODES} nodes.`);
  const artifacts = await readArtifacts(core, id);
  const nodes = connect(rows, artifacts);
  const after = since ? (parseTimestamp(since) ?? 0) : 0;
  const shown = nodes.filter(({ end_time }) => end_time === null || (parseTimestamp(end_time) ?? 0) >= after);
  const states = await core.scan.all(
    db
      .selectFrom('flow_run_state')
      .select(['id', 'timestamp', 'type', 'name'])
      .where('flow_run_id', '=', id)
      .orderBy('timestamp'),
  );
  return {
    start_time: timestampOrNull(run.start_time ?? run.expected_start_time),
    end_time: timestampOrNull(run.end_time),
    root_node_ids: shown.filter(({ parents }) => parents.length === 0).map((node) => node.id),
    nodes: shown.map((node) => [node.id, node]),
    artifacts: artifacts.get(null) ?? [],
    states: states.map((state) => ({ ...state, timestamp: formatTimestamp(state.timestamp) })),
  };
}

interface NodeRow {
  readonly id: string;
  readonly kind: Node['kind'];
  readonly label: string;
  readonly state_type: StateType;
  readonly start: Micros;
  readonly end: Micros | null;
  readonly inputs: TaskInputs;
}

/** A task run that stands for a subflow is shown as the subflow. */
async function readNodes(core: Core, id: string): Promise<NodeRow[]> {
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('task_run as task')
      .leftJoin('flow_run as sub', 'sub.parent_task_run_id', 'task.id')
      .leftJoin('flow', 'flow.id', 'sub.flow_id')
      .where('task.flow_run_id', '=', id)
      .select([
        'task.id',
        'task.name',
        'task.state_type',
        'task.end_time',
        'task.expected_start_time',
        'task.task_inputs',
        'sub.id as sub_id',
        'sub.name as sub_name',
        'sub.state_type as sub_state_type',
        'sub.end_time as sub_end_time',
        'flow.name as flow_name',
        sql<Micros | null>`coalesce(sub.start_time, sub.expected_start_time, task.start_time, task.expected_start_time)`.as(
          'start',
        ),
      ])
      .orderBy('start')
      .limit(MOST_NODES + 1),
  );
  return rows.flatMap((row): NodeRow[] => {
    if (row.start === null) return [];
    const end = row.sub_end_time ?? row.end_time ?? (row.state_type === 'COMPLETED' ? row.expected_start_time : null);
    const inputs = parseJson<TaskInputs>(row.task_inputs);
    const { start } = row;
    return row.sub_id
      ? [
          {
            id: row.sub_id,
            kind: 'flow-run',
            label: `${row.flow_name} / ${row.sub_name}`,
            state_type: row.sub_state_type ?? 'PENDING',
            start,
            end,
            inputs,
          },
        ]
      : [{ id: row.id, kind: 'task-run', label: row.name, state_type: row.state_type ?? 'PENDING', start, end, inputs }];
  });
}

/** Inputs become edges both ways; what a run is inside of encapsulates it. Everything is in the order of the nodes. */
function connect(rows: readonly NodeRow[], artifacts: ReadonlyMap<string | null, GraphArtifact[]>): Node[] {
  const known = new Set(rows.map(({ id }) => id));
  const parents = new Map<string, Set<string>>();
  const children = new Map<string, Set<string>>();
  const around = new Map<string, Set<string>>();
  for (const { id, inputs } of rows)
    for (const [name, list] of Object.entries(inputs))
      for (const input of list) {
        if (!input.id || !known.has(input.id)) continue;
        if (name === '__parents__') add(around, id, input.id);
        else {
          add(parents, id, input.id);
          add(children, input.id, id);
        }
      }
  const order = new Map(rows.map(({ id }, index) => [id, index]));
  const edges = (set: Set<string> | undefined) =>
    [...(set ?? [])].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).map((id) => ({ id }));
  return rows.map(({ id, kind, label, state_type, start, end }) => ({
    kind,
    id,
    label,
    state_type,
    start_time: formatTimestamp(start),
    end_time: timestampOrNull(end),
    parents: edges(parents.get(id)),
    children: edges(children.get(id)),
    encapsulating: edges(around.get(id)),
    artifacts: artifacts.get(id) ?? [],
  }));
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

async function readArtifacts(core: Core, id: string): Promise<Map<string | null, GraphArtifact[]>> {
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('artifact')
      .where('flow_run_id', '=', id)
      .where('type', 'is not', null)
      .where('type', '<>', 'result')
      .select(['id', 'created', 'key', 'type', 'data', 'task_run_id'])
      .select((select) =>
        select
          .selectFrom('artifact as newer')
          .select(sql<number>`count(*)`.as('count'))
          .whereRef('newer.key', '=', 'artifact.key')
          .whereRef('newer.created', '>', 'artifact.created')
          .as('newer'),
      )
      .orderBy('created')
      .limit(MOST_NODES),
  );
  const byTaskRun = new Map<string | null, GraphArtifact[]>();
  for (const row of rows) {
    const artifact: GraphArtifact = {
      id: row.id,
      created: formatTimestamp(row.created),
      key: row.key,
      type: row.type,
      is_latest: row.key === null || Number(row.newer) === 0,
      data: row.type === 'progress' ? parseJson(row.data) : null,
    };
    const list = byTaskRun.get(row.task_run_id);
    if (list) list.push(artifact);
    else byTaskRun.set(row.task_run_id, [artifact]);
  }
  return byTaskRun;
}
