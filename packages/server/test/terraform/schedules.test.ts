import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { KINDS } from './kinds.ts';
import { aProvider, expectNoDrift, type Known, type Provider } from './provider.ts';

let server: TestServer;
let provider: Provider;
let deployment: Known;
beforeAll(async () => {
  server = await startTestServer();
  provider = aProvider(server.running.apiUrl);
  const flow = await provider.create(KINDS.flow, { name: 'flow', tags: [] });
  deployment = await provider.create(KINDS.deployment, { flow_id: flow.id, name: 'scheduled', enforce_parameter_schema: true });
});
afterAll(() => server.stop());

const aSchedule = (entry: object) => provider.create(KINDS.deploymentSchedule, [entry], { deployment_id: deployment.id });

/** Each kind of schedule as it is first written, and as it is changed later. */
const SCHEDULES = [
  {
    kind: 'cron',
    written: { cron: '0 8 * * 1-5', timezone: 'Europe/Rome' },
    rewritten: { cron: '*/10 * * * *', timezone: 'America/New_York', day_or: true },
  },
  {
    kind: 'interval',
    written: { interval: 3600, anchor_date: '2025-01-01T00:00:00Z', timezone: 'UTC' },
    rewritten: { interval: 90.5, anchor_date: '2025-06-01T12:30:00+02:00', timezone: 'Europe/Rome' },
  },
  {
    kind: 'rrule',
    written: { rrule: 'DTSTART:20250101T000000\nFREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0', timezone: 'UTC' },
    rewritten: { rrule: 'DTSTART:20250201T000000\nRRULE:FREQ=WEEKLY;COUNT=4', timezone: 'Europe/Rome' },
  },
];

describe.each(SCHEDULES)('a schedule of kind $kind', ({ kind, written, rewritten }) => {
  it('comes back as it was written, changes in everything, and goes', async () => {
    const planned = { active: false, max_scheduled_runs: 3, parameters: { city: 'Oslo' }, slug: `${kind}-full` };
    let state = await aSchedule({ schedule: written, ...planned });
    expectNoDrift(state, { ...planned, deployment_id: deployment.id });
    expectNoDrift(state.schedule as Known, written);
    const changed = { active: true, max_scheduled_runs: 5, parameters: { city: 'Rome' }, slug: `${kind}-other` };
    state = await provider.update(KINDS.deploymentSchedule, state, { schedule: rewritten, ...changed });
    expectNoDrift(state, changed);
    expectNoDrift(state.schedule as Known, rewritten);
    await provider.destroy(KINDS.deploymentSchedule, state);
  });

  it('is active when nothing else is said, and stands beside others', async () => {
    const [one, two] = [await aSchedule({ schedule: written }), await aSchedule({ schedule: rewritten })];
    expect(one.id).not.toBe(two.id);
    expect(one).toMatchObject({ active: true });
    expectNoDrift(one.schedule as Known, written);
    expectNoDrift(two.schedule as Known, rewritten);
    await provider.destroy(KINDS.deploymentSchedule, one);
    expect(await provider.read(KINDS.deploymentSchedule, two)).toMatchObject({ id: two.id });
    await provider.destroy(KINDS.deploymentSchedule, two);
  });
});

describe('a schedule', () => {
  it('becomes one of another kind when a change says so', async () => {
    let state = await aSchedule({ schedule: { cron: '0 0 * * *' } });
    for (const { written } of SCHEDULES.toReversed()) {
      state = await provider.update(KINDS.deploymentSchedule, state, { schedule: written });
      expectNoDrift(state.schedule as Known, written);
    }
    await provider.destroy(KINDS.deploymentSchedule, state);
  });

  it('keeps in a change what the change leaves out', async () => {
    let state = await aSchedule({ schedule: { cron: '0 0 * * *' }, active: false, max_scheduled_runs: 2, slug: 'kept' });
    state = await provider.update(KINDS.deploymentSchedule, state, { schedule: { cron: '0 1 * * *' } });
    expectNoDrift(state, { active: false, max_scheduled_runs: 2, slug: 'kept' });
    await provider.destroy(KINDS.deploymentSchedule, state);
  });

  it.each(['2025-01-01T00:00:00Z', '2025-01-01T00:00:00-05:00', '2030-12-31T23:59:59+05:30'])(
    'is anchored at %s to the letter',
    async (anchor_date) => {
      const state = await aSchedule({ schedule: { interval: 60, anchor_date } });
      expectNoDrift(state.schedule as Known, { interval: 60, anchor_date });
      await provider.destroy(KINDS.deploymentSchedule, state);
    },
  );

  it('whose rule has no start may be given one in front of it', async () => {
    const rrule = 'FREQ=DAILY;INTERVAL=2';
    const state = await aSchedule({ schedule: { rrule } });
    expect(String((state.schedule as Known).rrule).replace(/^DTSTART:.*\n(RRULE:)?/, '')).toBe(rrule);
    await provider.destroy(KINDS.deploymentSchedule, state);
  });
});
