import type { FlowRunResponse, UiWaitingReason } from '@prefect-ts/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aPlace, type Place } from './run-prefect.ts';

let place: Place;
beforeAll(async () => {
  place = aPlace();
  const { stdout } = await place.run('server', 'start', '-b', '--port', '0');
  place.env.PREFECT_API_URL = /http:\S+\/api/.exec(stdout)?.[0] ?? '';
});
afterAll(async () => {
  await place.run('server', 'stop');
  place.remove();
});

async function post<T>(path: string, body: object): Promise<T> {
  const { stdout } = await place.run('api', 'POST', path, '--data', JSON.stringify(body));
  return JSON.parse(stdout);
}

test('flow-run why says what keeps a run from running', async () => {
  const flow = await post<{ id: string }>('/flows/', { name: 'etl' });
  await post('/work_pools/', { name: 'local', type: 'process' });
  const wanted = { flow_id: flow.id, name: 'one', work_pool_name: 'local', state: { type: 'SCHEDULED' } };
  const waiting = await post<FlowRunResponse>('/flow_runs/', wanted);
  const { stdout } = await place.run('flow-run', 'why', waiting.id);
  expect(stdout).toBe('no_worker_online  Work pool "local" has no worker. Start one with "prefect worker start --pool local".\n');
  expect(await place.json<UiWaitingReason[]>('flow-run', 'why', waiting.id)).toMatchObject([{ code: 'no_worker_online' }]);

  const running = await post<FlowRunResponse>('/flow_runs/', { flow_id: flow.id, name: 'two', state: { type: 'RUNNING' } });
  expect((await place.run('flow-run', 'why', running.id)).stdout).toBe("Flow run 'two' does not wait: its state is Running.\n");
  const unknown = crypto.randomUUID();
  expect((await place.run('flow-run', 'why', unknown)).stderr).toContain(`Flow run '${unknown}' not found!`);
});
