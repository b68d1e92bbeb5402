import type { FlowRunResponse, Log, TaskRun } from '@prefect-ts/protocol';
import type { Session } from '../session/session.ts';
import type { State } from '../states/state.ts';

/** A flow run that is over, as the server knows it. */
export interface TestedRun<O> {
  readonly id: string;
  readonly flowRun: FlowRunResponse;
  readonly state: State<O>;
  /** Names of the states that the run went through. */
  readonly states: readonly string[];
  readonly taskRuns: readonly TestedTaskRun[];
  readonly logs: readonly string[];
  /** The value; rejects with what the body threw. */
  result(): Promise<O>;
  /** The first run of a task. Throws when there is none. */
  task(name: string): TestedTaskRun;
}

/** A task run inside a run under test. */
export interface TestedTaskRun {
  readonly taskRun: TaskRun;
  readonly states: readonly string[];
}

/** Reads what the server knows of a run that has ended. */
export async function readRun<O>(session: Session, state: State<O>): Promise<TestedRun<O>> {
  await session.flush();
  const { client } = session;
  const id = String(state.details.flow_run_id);
  const [flowRun, states, taskRuns, logs] = await Promise.all([
    client.call('GET /flow_runs/{id}', { path: { id } }),
    client.call('GET /flow_run_states/', { query: { flow_run_id: id } }),
    readTaskRuns(session, id),
    client.call('POST /logs/filter', { body: { logs: { flow_run_id: { any_: [id] } }, sort: 'TIMESTAMP_ASC' } }),
  ]);
  return {
    id,
    flowRun,
    state,
    states: namesOf(states),
    taskRuns,
    logs: logs.map((log: Log) => log.message),
    result: () => state.result(),
    task(name) {
      const found = taskRuns.find(
        ({ taskRun }) => taskRun.name === name || taskRun.task_key.replace(/-[0-9a-f]{8}$/, '') === name,
      );
      if (found) return found;
      const names = taskRuns.map(({ taskRun }) => taskRun.name).join(', ') || 'none';
      throw new Error(`No run of a task "${name}" in flow run ${flowRun.name}; there are: ${names}.`);
    },
  };
}

async function readTaskRuns({ client }: Session, flowRunId: string): Promise<TestedTaskRun[]> {
  const taskRuns = await client.call('POST /task_runs/filter', {
    body: { flow_runs: { id: { any_: [flowRunId] } }, sort: 'EXPECTED_START_TIME_ASC' },
  });
  return Promise.all(
    taskRuns.map(async (taskRun) => ({
      taskRun,
      states: namesOf(await client.call('GET /task_run_states/', { query: { task_run_id: taskRun.id } })),
    })),
  );
}

function namesOf(states: readonly { name: string | null; timestamp: string }[]): string[] {
  return [...states].sort((a, b) => a.timestamp.localeCompare(b.timestamp)).map(({ name }) => name ?? '');
}
