import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { useDashboard } from './dashboard.ts';
import { aRunThatAsks } from './paused-run.ts';
import { aRun } from './seed.ts';

const dashboard = useDashboard();
const stateOf = async (id: string) => (await call(dashboard.server, 'GET /flow_runs/{id}', undefined, { id })).state?.name;

describe('a run that asks for input', () => {
  it('shows its question and goes on with the answer', async () => {
    const id = await aRunThatAsks(dashboard.server, dashboard.seeded.flowId);
    const visit = await dashboard.open(`/runs/flow-run/${id}`);
    const { page } = visit;
    const form = page.getByRole('form', { name: 'Input that the run waits for' });
    await form.getByText('Is this fine?').waitFor();
    expect(await page.getByRole('button', { name: 'Resume', exact: true }).count()).toBe(0);
    await form.getByRole('button', { name: 'Resume with this' }).click();
    await form.getByText('A value is needed').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    await page.setViewportSize({ width: 375, height: 800 });
    expect(await visit.sidewaysScroll()).toBe(0);
    await form.getByRole('switch', { name: 'approve' }).click({ force: true });
    await form.getByLabel('reason', { exact: true }).fill('looks good');
    await form.getByRole('button', { name: 'Resume with this' }).click();
    await form.waitFor({ state: 'detached' });
    const kept = await call(dashboard.server, 'GET /flow_runs/{id}/input/{key}', undefined, { id, key: 'paused-1-response' });
    expect(JSON.stringify(kept)).toContain('looks good');
    expect(visit.problems).toEqual([]);
  });
});

describe('a run that waits', () => {
  const inPool = async (name: string) => {
    const { id } = await call(dashboard.server, 'POST /flow_runs/', {
      flow_id: dashboard.seeded.flowId,
      name,
      work_pool_name: 'local',
      state: { type: 'SCHEDULED' },
    });
    return id;
  };

  it('says why, and hears when that is over', async () => {
    const visit = await dashboard.open(`/runs/flow-run/${await inPool('patient-ox')}`);
    const why = visit.page.getByRole('region', { name: 'Why it waits' });
    await why.getByText('Nobody runs it.').waitFor();
    await why.getByRole('code').filter({ hasText: 'prefect worker start --pool local' }).waitFor();
    await call(dashboard.server, 'PATCH /work_pools/{name}', { is_paused: true }, { name: 'local' });
    await why.getByText('The work pool is paused.').waitFor();
    expect(await visit.accessibilityViolations()).toEqual([]);
    await why.getByRole('button', { name: 'Resume the work pool' }).click();
    await why.getByText('The work pool is paused.').waitFor({ state: 'detached' });
    expect(visit.problems).toEqual([]);
  });
});

describe('what a person does to a run', () => {
  it('puts it into another state', async () => {
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'stuck-mule', ['RUNNING']);
    const { page } = await dashboard.open(`/runs/flow-run/${id}`);
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Change the state…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Message').fill('it was fine');
    await dialog.getByRole('button', { name: 'Change the state' }).click();
    await page.getByRole('heading', { level: 1, name: 'stuck-mule Completed' }).waitFor();
    const { state } = await call(dashboard.server, 'GET /flow_runs/{id}', undefined, { id });
    expect(state).toMatchObject({ type: 'COMPLETED', message: 'it was fine' });
  });

  it('suspends it', async () => {
    const { id } = await call(
      dashboard.server,
      'POST /deployments/{id}/create_flow_run',
      { parameters: { customer: 'x' }, state: { type: 'PENDING' } },
      { id: dashboard.seeded.deploymentId },
    );
    await call(dashboard.server, 'POST /flow_runs/{id}/set_state', { state: { type: 'RUNNING' }, force: true }, { id });
    const { page } = await dashboard.open(`/runs/flow-run/${id}`);
    await page.getByRole('button', { name: 'Suspend', exact: true }).click();
    await page.getByRole('button', { name: 'Suspend the run' }).click();
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('region', { name: 'Why it waits' }).waitFor();
    expect(await stateOf(id)).toBe('Resuming');
  });
});

describe('many runs at once', () => {
  const some = (names: string[], tag: string) =>
    Promise.all(names.map((name) => aRun(dashboard.server, dashboard.seeded.flowId, name, ['RUNNING'], [tag])));

  it('are chosen one by one and cancelled', async () => {
    const [first = '', second = '', third = ''] = await some(['one-ant', 'two-ants', 'three-ants'], 'ants');
    const visit = await dashboard.open('/runs?tag=ants');
    const { page } = visit;
    await page.getByRole('button', { name: 'Choose runs' }).click();
    await page.getByRole('checkbox', { name: 'Choose one-ant' }).check();
    await page.getByRole('checkbox', { name: 'Choose two-ants' }).check();
    await page.getByText('2 chosen').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await page.getByRole('button', { name: 'Cancel 2 runs' }).click();
    await page.getByRole('status').filter({ hasText: '2 cancelled' }).waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    const states = await Promise.all([first, second, third].map(stateOf));
    expect(states.map((state) => state === 'Running')).toEqual([false, false, true]);
    expect(visit.problems).toEqual([]);
  });

  it('are deleted as far as a filter goes', async () => {
    const ids = await some(['a-bee', 'b-bee', 'c-bee'], 'bees');
    const { page } = await dashboard.open('/runs?tag=bees');
    await page.getByRole('button', { name: 'Choose runs' }).click();
    await page.getByRole('button', { name: 'All that match the filter' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Delete 3 runs' }).click();
    await page.getByRole('status').filter({ hasText: '3 deleted' }).waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.getByText('No run matches these filters').waitFor();
    for (const id of ids) expect((await dashboard.server.request('GET', `/flow_runs/${id}`)).status).toBe(404);
  });

  it('that refuse are counted with their reason', async () => {
    await aRun(dashboard.server, dashboard.seeded.flowId, 'done-wasp', ['RUNNING', 'COMPLETED'], ['wasps']);
    const { page } = await dashboard.open('/runs?tag=wasps');
    await page.getByRole('button', { name: 'Choose runs' }).click();
    await page.getByRole('checkbox', { name: 'Choose done-wasp' }).check();
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    await page.getByRole('button', { name: 'Retry 1 run' }).click();
    await page.getByText('1 was left as they are').waitFor();
    await page.getByText(/^1 × \S+/).waitFor();
  });
});

describe('views of runs', () => {
  it('are saved, chosen again and deleted', async () => {
    const visit = await dashboard.open('/runs?state=failed&in=all');
    const { page } = visit;
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Save what is shown…' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('<b>My</b> failures');
    expect(await visit.accessibilityViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goto('/runs');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: '<b>My</b> failures', exact: true }).click();
    await page.waitForURL(/state=failed/);
    expect(new URL(page.url()).searchParams.get('in')).toBe('all');
    await page.getByRole('button', { name: '<b>My</b> failures' }).click();
    await page.getByRole('button', { name: 'Delete the view <b>My</b> failures' }).click();
    await page.getByRole('button', { name: '<b>My</b> failures', exact: true }).last().waitFor({ state: 'detached' });
    expect(await call(dashboard.server, 'POST /saved_searches/filter', {})).toEqual([]);
    expect(visit.problems).toEqual([]);
  });
});
