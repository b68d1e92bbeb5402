import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runServices } from '../src/services/service.ts';
import { ServicePulse } from '../src/services/service-pulse.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it('is healthy while its services run', async () => {
  expect(await server.request('GET', '/health')).toMatchObject({ status: 200, body: true });
});

it('is not healthy while a service does not come to the end of its round', async () => {
  let now = 0;
  const { core } = server.running;
  const pulse = new ServicePulse(() => now);
  let finish: () => void = () => undefined;
  const round = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const services = runServices({ ...core, pulse }, [{ name: 'hanging', every: () => 3600, run: () => round }]);
  now += 7_201_000;
  expect(pulse.stuck()).toEqual(['hanging']);
  finish();
  while (pulse.stuck().length > 0) await setImmediate();
  await services.stop();

  vi.spyOn(core.pulse, 'stuck').mockReturnValue(['hanging']);
  expect(await server.request('GET', '/health')).toMatchObject({ status: 503, body: { services: ['hanging'] } });
});
