import { expect, it } from 'vitest';
import { ServicePulse } from './service-pulse.ts';

it('names the services that have missed two rounds, until they go on or end', () => {
  let now = 0;
  const pulse = new ServicePulse(() => now);
  pulse.beat('often', 5);
  pulse.beat('rarely', 60);
  now = 30_000;
  expect(pulse.stuck()).toEqual([]);
  now = 31_000;
  expect(pulse.stuck()).toEqual(['often']);
  now = 121_000;
  expect(pulse.stuck()).toEqual(['often', 'rarely']);
  pulse.beat('often', 5);
  pulse.end('rarely');
  expect(pulse.stuck()).toEqual([]);
});
