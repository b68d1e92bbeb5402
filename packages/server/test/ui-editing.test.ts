import type { FlowRunResponse, TaskRun, UiConcurrencyLimitPage, UiScheduleDates } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe('the dates of a schedule that is not saved', () => {
  const dates = (schedule: object, limit?: number) =>
    server.request<UiScheduleDates>('POST', '/ui/schedules/dates', { schedule, ...(limit ? { limit } : {}) });

  it('are those that its zone gives it', async () => {
    const { status, body } = await dates({ cron: '30 6 * * *', timezone: 'Asia/Tokyo' }, 3);
    expect(status).toBe(200);
    expect(body.dates.map((date) => date.slice(11, 16))).toEqual(['21:30', '21:30', '21:30']);
  });

  it('are ten if nobody says how many, for each kind of schedule', async () => {
    for (const schedule of [{ cron: '* * * * *' }, { interval: 3600 }, { rrule: 'FREQ=DAILY' }])
      expect((await dates(schedule)).body.dates, JSON.stringify(schedule)).toHaveLength(10);
  });

  it('end where the schedule ends', async () => {
    expect((await dates({ rrule: 'DTSTART:20200101T000000\nRRULE:FREQ=DAILY;COUNT=3' })).body.dates).toEqual([]);
  });

  it.each([
    ['no cron line', { cron: 'at noon' }, 'cron'],
    ['a day that there is not', { cron: '0 0 31 2 *' }, 'never comes due'],
    ['an unknown zone', { cron: '0 0 * * *', timezone: 'Mars/Olympus' }, 'timezone'],
    ['an interval of nothing', { interval: 0 }, 'interval'],
    ['no rule', { rrule: 'FREQ=SOMETIMES' }, 'rrule'],
    ['nothing', {}, 'interval'],
  ])('are refused for %s', async (_, schedule, told) => {
    const { status, body } = await dates(schedule);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(told);
  });
});

describe('concurrency limits with their holders', () => {
  const page = async (body: object = {}) =>
    (await server.request<UiConcurrencyLimitPage>('POST', '/ui/concurrency_limits/page', body)).body;

  it('name the runs that hold slots, those of tags too', async () => {
    const { id: flowId } = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body;
    const flowRun = (
      await server.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId, name: 'otter', state: { type: 'RUNNING' } })
    ).body;
    const task = (
      await server.request<TaskRun>('POST', '/task_runs/', {
        flow_run_id: flowRun.id,
        task_key: 'load',
        dynamic_key: '0',
        name: 'load-0',
        tags: ['db'],
      })
    ).body;
    await server.request('POST', '/v2/concurrency_limits/', { name: 'warehouse', limit: 3 });
    await server.request('POST', '/concurrency_limits/', { tag: 'db', concurrency_limit: 1 });
    await server.request('POST', '/concurrency_limits/increment', { names: ['db'], task_run_id: task.id });
    const leased = await server.request('POST', '/v2/concurrency_limits/increment-with-lease', {
      names: ['warehouse'],
      slots: 2,
      lease_duration: 300,
      holder: { type: 'flow_run', id: flowRun.id },
    });
    expect(leased.status).toBe(200);
    const { results, total } = await page();
    expect(total).toBe(2);
    const [tag, global] = results;
    expect(tag).toMatchObject({ tag: 'db', limit: 1, active_slots: 1, holder_count: 1 });
    expect(tag?.holders).toEqual([
      {
        kind: 'task-run',
        id: task.id,
        name: 'load-0',
        flow_run_id: flowRun.id,
        slots: 1,
        since: expect.any(String),
        expires: null,
      },
    ]);
    expect(global).toMatchObject({ name: 'warehouse', tag: null, active: true, limit: 3, active_slots: 2 });
    expect(global?.holders).toMatchObject([{ kind: 'flow-run', name: 'otter', slots: 2, expires: expect.any(String) }]);
  });

  it('are narrowed by a part of the name, taken as it is written', async () => {
    await server.request('POST', '/v2/concurrency_limits/', { name: 'half_Done', limit: 1 });
    expect((await page({ name: '_done' })).results.map(({ name }) => name)).toEqual(['half_Done']);
    expect((await page({ name: 'half%' })).results).toEqual([]);
  });
});
