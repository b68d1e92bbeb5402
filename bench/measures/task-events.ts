import { once } from 'node:events';
import { uuid4, uuid7 } from '@prefect-ts/protocol';
import { WebSocket } from 'ws';
import { type Api, persist, RefusedRequest, setUp } from '../api.ts';
import { until } from '../until.ts';
import { type Measure, NotAccepted } from './measure.ts';

const RUNS_UNDER_WAY = 100;
const STATES = ['PENDING', 'RUNNING', 'COMPLETED'] as const;

/** Task runs that a client reports by events, three each; finished when the last of a chunk can be read. */
export const taskEvents: Measure = {
  name: 'task-events',
  unit: 'task event recorded',
  async prepare(api, clients) {
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    const reporters: Awaited<ReturnType<typeof openReporter>>[] = [];
    for (let client = 0; client < clients; client += 1) reporters.push(await openReporter(api, flowId));
    const runsPerChunk = Math.ceil(RUNS_UNDER_WAY / clients);
    return {
      async step(client) {
        await reporters[client]?.report(runsPerChunk);
        return runsPerChunk * STATES.length;
      },
      async settle() {
        await Promise.all(reporters.map((reporter) => reporter.settle()));
      },
      close() {
        for (const reporter of reporters) reporter.close();
      },
    };
  },
};

/** Reports the task runs of one flow run over a socket of its own. */
async function openReporter(api: Api, flowId: string) {
  const flowRunId = await setUp(api, '/flow_runs/', { flow_id: flowId, state: { type: 'RUNNING' } });
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/events/in`, 'prefect');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'auth', token: null }));
  await once(socket, 'message');
  let reported = 0;
  return {
    /** Sends the events of some runs and waits until the last run is there and has ended. */
    async report(runs: number): Promise<void> {
      let lastId = '';
      for (let run = 0; run < runs; run += 1) {
        lastId = uuid4();
        for (const event of eventsOfRun(lastId, flowRunId)) socket.send(JSON.stringify(event));
      }
      reported += runs;
      await until(`task run ${lastId} to be recorded`, () => hasCompleted(api, lastId));
    },
    async settle(): Promise<void> {
      const body = { flow_runs: { id: { any_: [flowRunId] } }, task_runs: { state: { type: { any_: ['COMPLETED'] } } } };
      await until(`${reported} task runs to be recorded`, async () => {
        const count = Number(await persist(() => api.post('/task_runs/count', body)));
        if (count > reported) throw new NotAccepted(`${count} task runs were recorded but only ${reported} were reported.`);
        return count === reported;
      });
    },
    close: () => socket.close(),
  };
}

async function hasCompleted(api: Api, taskRunId: string): Promise<boolean> {
  try {
    return (await persist(() => api.get(`/task_runs/${taskRunId}`))).includes('"COMPLETED"');
  } catch (error) {
    if (error instanceof RefusedRequest && error.status === 404) return false;
    throw error;
  }
}

/** The events of a task run that began and ended well, in the shape that SDKs send. */
function eventsOfRun(taskRunId: string, flowRunId: string): object[] {
  const dynamicKey = uuid4();
  const startedAt = Date.now();
  let [follows, from]: [string | null, string | null] = [null, null];
  return STATES.map((type, step) => {
    const id = uuid7();
    const name = type.charAt(0) + type.slice(1).toLowerCase();
    const occurred = new Date(startedAt + step).toISOString();
    const event = {
      id,
      occurred,
      event: `prefect.task-run.${name}`,
      resource: {
        'prefect.resource.id': `prefect.task-run.${taskRunId}`,
        'prefect.resource.name': `bench-${dynamicKey.slice(0, 3)}`,
        'prefect.run-count': step > 0 ? '1' : '0',
        'prefect.state-message': '',
        'prefect.state-name': name,
        'prefect.state-timestamp': occurred,
        'prefect.state-type': type,
        'prefect.orchestration': 'client',
      },
      related: [
        {
          'prefect.resource.id': `prefect.flow-run.${flowRunId}`,
          'prefect.resource.role': 'flow-run',
          'prefect.resource.name': 'bench',
        },
        { 'prefect.resource.id': 'prefect.tag.bench', 'prefect.resource.role': 'tag' },
      ],
      payload: {
        intended: { from, to: type },
        initial_state: from === null ? null : { type: from, name: from, message: '', state_details: {} },
        validated_state: { type, name, message: '', state_details: {}, data: null },
        task_run: {
          name: `bench-${dynamicKey.slice(0, 3)}`,
          task_key: 'bench-87236382',
          dynamic_key: dynamicKey,
          empirical_policy: { max_retries: 0, retry_delay_seconds: 0, retries: 0, retry_delay: 0 },
          tags: ['bench'],
          labels: {},
          task_inputs: { a: [] },
          run_count: step > 0 ? 1 : 0,
          flow_run_run_count: 1,
          expected_start_time: new Date(startedAt).toISOString(),
          ...(step > 0 && { start_time: new Date(startedAt + 1).toISOString() }),
          ...(step > 1 && { end_time: occurred }),
          total_run_time: step > 1 ? 0.001 : 0,
        },
      },
      follows,
    };
    [follows, from] = [id, type];
    return event;
  });
}
