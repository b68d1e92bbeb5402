import { formatTimestamp, nowMicros, SECOND } from '@prefect-ts/protocol';
import { afterEach, expect, it } from 'vitest';
import { exposition } from '../src/metrics/exposition.ts';
import { RequestTimes } from '../src/metrics/request-times.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer | undefined;
let ahead = 0;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function start(environment: Record<string, string> = {}): Promise<TestServer> {
  ahead = 0;
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: { PREFECT_SERVER_METRICS_ENABLED: 'true', ...environment },
  });
  return server;
}

/** The value behind a name and its labels. */
async function measured(sample: string): Promise<number | undefined> {
  if (!server) return undefined;
  const { status, body, headers } = await server.request<string>('GET', '/metrics');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const line = body.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

it('metrics tell what waits, how late it is, who holds slots and how services do', async () => {
  const server = await start();
  const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'f' })).body;
  await server.request('POST', '/work_pools/', { name: 'pool', type: 'process' });
  const late = { scheduled_time: formatTimestamp(nowMicros() - 30 * SECOND) };
  const inPool = { flow_id: flow.id, work_pool_name: 'pool' };
  await server.request('POST', '/flow_runs/', { ...inPool, state: { type: 'SCHEDULED', state_details: late } });
  await server.request('POST', '/flow_runs/', { ...inPool, state: { type: 'RUNNING' } });
  await server.request('POST', '/v2/concurrency_limits/', { name: 'db "1"', limit: 5 });
  await server.request('POST', '/v2/concurrency_limits/increment', { names: ['db "1"'], slots: 2 });
  const queue = 'work_pool="pool",work_queue="default"';
  expect(await measured(`prefect_flow_runs_due{${queue}}`)).toBe(1);
  expect(await measured(`prefect_flow_runs_lateness_seconds{${queue}}`)).toBeGreaterThanOrEqual(30);
  expect(await measured(`prefect_flow_runs_active{${queue},state_type="RUNNING"}`)).toBe(1);
  expect(await measured('prefect_concurrency_limit_slots{limit="db \\"1\\""}')).toBe(5);
  expect(await measured('prefect_concurrency_limit_slots_taken{limit="db \\"1\\""}')).toBe(2);
  expect(await measured('prefect_waiting{queue="automation_action"}')).toBe(0);
  expect(await measured('prefect_service_lag_seconds{service="scheduler"}')).toBe(0);
  expect(await measured('prefect_service_failures_total{service="automations"}')).toBe(0);
  const created = 'method="POST",route="/api/flow_runs/",status="201"';
  expect(await measured(`prefect_http_request_duration_seconds_count{${created}}`)).toBe(2);
  expect(await measured(`prefect_http_request_duration_seconds_bucket{${created},le="+Inf"}`)).toBe(2);
  expect(await measured('process_resident_memory_bytes')).toBeGreaterThan(1e6);
});

it('metrics are behind the password of the API', async () => {
  const server = await start({ PREFECT_SERVER_API_AUTH_STRING: 'me:secret' });
  expect((await server.request('GET', '/metrics')).status).toBe(401);
  const authorization = `Basic ${btoa('me:secret')}`;
  expect((await server.request('GET', '/metrics', undefined, { authorization })).status).toBe(200);
});

it('metrics are not there unless they are asked for in the settings', async () => {
  const server = await start({ PREFECT_SERVER_METRICS_ENABLED: 'false' });
  expect((await server.request('GET', '/metrics')).status).toBe(404);
});

it('times of requests fall into buckets that count what is below them', () => {
  const times = new RequestTimes();
  for (const seconds of [0.0005, 0.003, 20]) times.note('GET', '/x', 200, seconds);
  const text = exposition([times.metric()]);
  expect(text).toContain('_bucket{method="GET",route="/x",status="200",le="0.001"} 1\n');
  expect(text).toContain('le="0.005"} 2\n');
  expect(text).toContain('le="10"} 2\n');
  expect(text).toContain('le="+Inf"} 3\n');
  expect(text).toContain('_sum{method="GET",route="/x",status="200"} 20.0035\n');
});
