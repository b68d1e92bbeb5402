import type { FlowRunResponse, TaskRun } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';

/** What became of a flow run, as the server tells it. */
export interface Outcome {
  readonly id: string;
  readonly flow: string;
  readonly language: 'TypeScript' | 'Python';
  readonly run: string;
  /** How many runs called each other up to this one: 0 for one that was asked for. */
  readonly depth: number;
  readonly state: string;
  readonly completed: boolean;
  readonly seconds: number;
  /** Task runs by the name of their state. */
  readonly tasks: Readonly<Record<string, number>>;
  /** Task runs that needed more than one attempt. */
  readonly retried: number;
  /** The artifacts that it left, newest versions. */
  readonly artifacts: readonly { readonly key: string; readonly type: string; readonly data: unknown }[];
}

/** All runs that were started, each followed by those that it called; what only waits for its time is left out. */
export async function readOutcomes(client: ApiClient): Promise<Outcome[]> {
  const runs = await client.call('POST /flow_runs/filter', {
    body: { sort: 'START_TIME_ASC', flow_runs: { start_time: { is_null_: false } } },
  });
  const callers = await readCallers(client, runs);
  const below = (caller: string | undefined, depth: number): { run: FlowRunResponse; depth: number }[] =>
    runs.filter(({ id }) => callers.get(id) === caller).flatMap((run) => [{ run, depth }, ...below(run.id, depth + 1)]);
  return Promise.all(below(undefined, 0).map(({ run, depth }) => readOutcome(client, run, depth)));
}

/** The run that called each run; a task run stands for the call. */
async function readCallers(client: ApiClient, runs: readonly FlowRunResponse[]): Promise<Map<string, string | undefined>> {
  const calls = runs.flatMap(({ id, parent_task_run_id }) => (parent_task_run_id ? [[id, parent_task_run_id] as const] : []));
  const found = calls.map(async ([id, taskRun]) => {
    const { flow_run_id } = await client.call('GET /task_runs/{id}', { path: { id: taskRun } });
    return [id, flow_run_id ?? undefined] as const;
  });
  return new Map(await Promise.all(found));
}

async function readOutcome(client: ApiClient, run: FlowRunResponse, depth: number): Promise<Outcome> {
  const only = { flow_runs: { id: { any_: [run.id] } } };
  const [flow, tasks, artifacts] = await Promise.all([
    client.call('GET /flows/{id}', { path: { id: run.flow_id } }),
    client.call('POST /task_runs/filter', { body: only }),
    client.call('POST /artifacts/filter', { body: only }),
  ]);
  const own = tasks.filter((task) => task.state?.state_details?.child_flow_run_id == null);
  return {
    id: run.id,
    flow: flow.name,
    language: await languageOf(client, run),
    run: run.name ?? '',
    depth,
    state: run.state_name ?? 'Unknown',
    completed: run.state_type === 'COMPLETED',
    seconds: run.total_run_time ?? 0,
    tasks: countStates(own),
    retried: own.filter((task) => (task.run_count ?? 0) > 1).length,
    artifacts: artifacts.map(({ key, type, data }) => ({ key: key ?? '', type: type ?? '', data })),
  };
}

/** A subflow is written in the language of the run that called it; a deployment says where its flow is. */
async function languageOf(client: ApiClient, run: FlowRunResponse): Promise<Outcome['language']> {
  if (!run.deployment_id) return 'TypeScript';
  const { entrypoint } = await client.call('GET /deployments/{id}', { path: { id: run.deployment_id } });
  return entrypoint?.includes('.py:') ? 'Python' : 'TypeScript';
}

function countStates(tasks: readonly TaskRun[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state_name } of tasks) counts[state_name ?? 'Unknown'] = (counts[state_name ?? 'Unknown'] ?? 0) + 1;
  return counts;
}
