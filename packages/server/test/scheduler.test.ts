import {
  type DeploymentResponse,
  type FlowRunResponse,
  type Micros,
  nowMicros,
  parseTimestamp,
  SECOND,
} from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { lateRuns } from '../src/services/late-runs.ts';
import { pauseExpirations } from '../src/services/pause-expirations.ts';
import { recentDeploymentsScheduler, scheduler } from '../src/services/scheduler.ts';
import { startTestServer, type TestServer } from './server.ts';

const HOUR = 3600 * SECOND;
const START = parseTimestamp('2026-03-01T00:00:00Z') ?? 0;

let server: TestServer;
let flowId: string;
let number = 0;
let offset: Micros = START - nowMicros();

/** Moves the server's clock on, as if that much time had passed. */
function pass(time: Micros): void {
  offset += time;
}

beforeAll(async () => {
  server = await startTestServer({
    clock: () => nowMicros() + offset,
    environment: {
      PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED: 'false',
      PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED: 'false',
      PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED: 'false',
    },
  });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(() => server.stop());
beforeEach(() => {
  number += 1;
});

async function deploy(schedules: object[], body: object = {}): Promise<DeploymentResponse> {
  const wanted = { name: `deployment-${number}`, flow_id: flowId, schedules, ...body };
  return (await server.request<DeploymentResponse>('POST', '/deployments/', wanted)).body;
}

async function runsOf(id: string): Promise<FlowRunResponse[]> {
  const filter = { deployments: { id: { any_: [id] } }, sort: 'EXPECTED_START_TIME_ASC' };
  return (await server.request<FlowRunResponse[]>('POST', '/flow_runs/filter', filter)).body;
}

const datesOf = async (id: string) => (await runsOf(id)).map((run) => run.expected_start_time?.slice(0, 16));

describe('the scheduler', () => {
  it('finds runs enough as soon as a deployment is there, and adds to them as time goes by', async () => {
    offset = START - nowMicros();
    const { id } = await deploy([{ schedule: { cron: '0 * * * *' } }]);
    const first = ['2026-03-01T01:00', '2026-03-01T02:00', '2026-03-01T03:00'];
    expect(await datesOf(id)).toEqual(first);
    await scheduler.run(server.running.core);
    expect(await datesOf(id)).toEqual(first);
    pass(HOUR);
    await scheduler.run(server.running.core);
    expect(await datesOf(id)).toEqual([...first, '2026-03-01T04:00']);
  });

  it('makes each run once, however many rounds run at the same time', async () => {
    const { id } = await deploy([{ schedule: { interval: 600 } }]);
    const before = (await runsOf(id)).length;
    pass(24 * HOUR);
    await Promise.all([1, 2, 3].map(() => scheduler.run(server.running.core)));
    const runs = await runsOf(id);
    expect(runs.length).toBe(before + 7);
    expect(new Set(runs.map((run) => run.idempotency_key)).size).toBe(runs.length);
  });

  it('names its runs so that the same date of a schedule is always the same run', async () => {
    offset = parseTimestamp('2026-03-07T12:00:00Z') ?? 0;
    offset -= nowMicros();
    const { id, schedules = [] } = await deploy([{ schedule: { cron: '30 9 * * *', timezone: 'America/New_York' } }]);
    const keys = (await runsOf(id)).map((run) => run.idempotency_key);
    expect(keys).toEqual([
      `scheduled ${id} ${schedules[0]?.id} 2026-03-07 09:30:00-05:00`,
      `scheduled ${id} ${schedules[0]?.id} 2026-03-08 09:30:00-04:00`,
      `scheduled ${id} ${schedules[0]?.id} 2026-03-09 09:30:00-04:00`,
    ]);
  });

  it('leaves paused deployments and inactive schedules alone', async () => {
    const paused = await deploy([{ schedule: { interval: 60 } }], { paused: true });
    const inactive = await deploy([{ schedule: { interval: 60 }, active: false }], { name: `inactive-${number}` });
    await scheduler.run(server.running.core);
    await recentDeploymentsScheduler.run(server.running.core);
    expect([await runsOf(paused.id), await runsOf(inactive.id)]).toEqual([[], []]);
  });

  it('goes on after a schedule that never comes due', async () => {
    const never = await deploy([{ schedule: { cron: '0 0 31 2 *' } }]);
    const other = await deploy([{ schedule: { cron: '0 0 * * *' } }], { name: `other-${number}` });
    await server.running.core.write((unit) => unit.run(unit.db.deleteFrom('flow_run').where('deployment_id', '=', other.id)));
    await scheduler.run(server.running.core);
    expect([(await runsOf(never.id)).length, (await runsOf(other.id)).length]).toEqual([0, 3]);
  });

  it('gives a schedule with a cap no more runs than that, late ones included', async () => {
    offset = (parseTimestamp('2026-04-01T00:00:30Z') ?? 0) - nowMicros();
    const { id } = await deploy([{ schedule: { cron: '* * * * *' }, max_scheduled_runs: 2 }]);
    expect(await datesOf(id)).toEqual(['2026-04-01T00:01', '2026-04-01T00:02']);
    pass(60 * SECOND);
    await recentDeploymentsScheduler.run(server.running.core);
    expect(await datesOf(id)).toEqual(['2026-04-01T00:01', '2026-04-01T00:02']);
    const [late] = await runsOf(id);
    await server.request('POST', `/flow_runs/${late?.id}/set_state`, { state: { type: 'PENDING' } });
    await recentDeploymentsScheduler.run(server.running.core);
    expect(await datesOf(id)).toEqual(['2026-04-01T00:01', '2026-04-01T00:02', '2026-04-01T00:03']);
  });

  it('makes runs anew when the deployment changes, and keeps what others scheduled', async () => {
    const { id } = await deploy([{ schedule: { cron: '0 0 * * *' } }], { parameters: { n: 1 } });
    const own = await server.request<FlowRunResponse>('POST', `/deployments/${id}/create_flow_run`, {
      state: { type: 'SCHEDULED', state_details: { scheduled_time: '2099-01-01T00:00:00Z' } },
    });
    await server.request('PATCH', `/deployments/${id}`, { parameters: { n: 2 }, tags: ['new'] });
    const runs = await runsOf(id);
    expect(runs.map((run) => run.parameters?.n)).toEqual([2, 2, 2, 1]);
    expect(runs[0]?.tags).toEqual(['auto-scheduled', 'new']);
    expect(runs[3]?.id).toBe(own.body.id);
  });

  it('does not bring back the runs of a deployment that changed while it was at work', async () => {
    const { id } = await deploy([{ schedule: { interval: 600 } }]);
    pass(24 * HOUR);
    const paused = server.request('POST', `/deployments/${id}/pause_deployment`);
    await Promise.all([scheduler.run(server.running.core), paused]);
    expect((await runsOf(id)).filter((run) => run.state_type === 'SCHEDULED')).toEqual([]);
  });

  it('schedules any time that a request asks for', async () => {
    const { id } = await deploy([{ schedule: { cron: '0 0 * * *' } }], { paused: true });
    const range = { start_time: '2025-01-01T00:00:00Z', end_time: '2025-01-03T00:00:00Z', min_runs: 10 };
    expect(await server.request('POST', `/deployments/${id}/schedule`, range)).toMatchObject({ status: 200, body: null });
    expect(await datesOf(id)).toEqual(['2025-01-01T00:00', '2025-01-02T00:00', '2025-01-03T00:00']);
    const unknown = 'b0000000-0000-4000-8000-000000000000';
    expect((await server.request('POST', `/deployments/${unknown}/schedule`, {})).status).toBe(200);
  });

  it('announces what it schedules to the workers of the queue', async () => {
    await server.request('POST', '/work_pools/', { name: `pool-${number}`, type: 'process' });
    const due: { workQueueId: string; at: Micros }[] = [];
    const end = server.running.core.bus.subscribe('due', (message) => due.push(message));
    const { work_queue_id } = await deploy([{ schedule: { cron: '0 0 1 1 *' } }, { schedule: { cron: '0 0 * * *' } }], {
      work_pool_name: `pool-${number}`,
    });
    end();
    expect(due.map(({ workQueueId }) => workQueueId)).toEqual([work_queue_id, work_queue_id, work_queue_id]);
  });
});

describe('late runs', () => {
  const lateOf = async (id: string) => (await runsOf(id)).map((run) => run.state_name);

  it('are those that nobody began in time', async () => {
    const { id } = await deploy([{ schedule: { interval: 3600 * 24 } }]);
    pass(24 * HOUR - 60 * SECOND);
    await lateRuns.run(server.running.core);
    expect(await lateOf(id)).toEqual(['Scheduled', 'Scheduled', 'Scheduled']);
    pass(80 * SECOND);
    const [before] = await runsOf(id);
    await lateRuns.run(server.running.core);
    expect(await lateOf(id)).toEqual(['Late', 'Scheduled', 'Scheduled']);
    const [after] = await runsOf(id);
    expect(after?.next_scheduled_start_time).toBe(before?.next_scheduled_start_time);
    await lateRuns.run(server.running.core);
    expect((await runsOf(id))[0]?.state_id).toBe(after?.state_id);
  });

  it('are cancelled when their deployment is full and does not queue', async () => {
    const { id } = await deploy([{ schedule: { interval: 3600 * 24 } }], {
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: 'CANCEL_NEW' },
    });
    const holder = await server.request<FlowRunResponse>('POST', `/deployments/${id}/create_flow_run`, {});
    await server.request('POST', `/flow_runs/${holder.body.id}/set_state`, { state: { type: 'PENDING' } });
    pass(24 * HOUR + 20 * SECOND);
    await lateRuns.run(server.running.core);
    const states = (await runsOf(id)).map((run) => [run.state_name, run.state?.message]);
    expect(states).toContainEqual(['Cancelled', 'Deployment concurrency limit reached.']);
    expect(states.filter(([name]) => name === 'Late')).toEqual([]);
  });

  it('are not those that wait for something else', async () => {
    const run = await server.request<FlowRunResponse>('POST', '/flow_runs/', {
      flow_id: flowId,
      state: { type: 'SCHEDULED', name: 'AwaitingRetry', state_details: { scheduled_time: '2026-01-01T00:00:00Z' } },
    });
    await lateRuns.run(server.running.core);
    const after = await server.request<FlowRunResponse>('GET', `/flow_runs/${run.body.id}`);
    expect(after.body.state_name).toBe('AwaitingRetry');
  });
});

test('a run whose pause is over fails, one that may still be resumed does not', async () => {
  const pause = async (pause_timeout: Micros) => {
    const run = await server.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId, state: { type: 'RUNNING' } });
    const timeout = new Date((nowMicros() + offset + pause_timeout) / 1000).toISOString();
    await server.request('POST', `/flow_runs/${run.body.id}/set_state`, {
      state: { type: 'PAUSED', state_details: { pause_timeout: timeout } },
      force: true,
    });
    return run.body.id;
  };
  const short = await pause(60 * SECOND);
  const long = await pause(HOUR);
  pass(120 * SECOND);
  await pauseExpirations.run(server.running.core);
  const state = async (id: string) => (await server.request<FlowRunResponse>('GET', `/flow_runs/${id}`)).body.state;
  expect(await state(short)).toMatchObject({ type: 'FAILED', message: 'The flow was paused and never resumed.' });
  expect(await state(long)).toMatchObject({ type: 'PAUSED' });
});
