import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { useDashboard } from './dashboard.ts';
import { PARAMETER_SCHEMA } from './seed.ts';

const dashboard = useDashboard();

/** A deployment of its own for a test, with schedules of its own. */
async function aDeployment(name: string, schedules: object[] = []): Promise<string> {
  const { id } = await call(dashboard.server, 'POST /deployments/', {
    name,
    flow_id: dashboard.seeded.flowId,
    parameter_openapi_schema: PARAMETER_SCHEMA,
    schedules: schedules as never,
  });
  return id;
}

const schedulesOf = (id: string) => call(dashboard.server, 'GET /deployments/{id}/schedules', undefined, { id });
const openSchedules = (id: string) => dashboard.open(`/deployments/deployment/${id}?tab=schedules`);
const editor = (page: Page) => page.getByRole('dialog');

describe('the schedules of a deployment', () => {
  it('are added as cron lines, in words and with their next dates', async () => {
    const id = await aDeployment('cron-made');
    const visit = await openSchedules(id);
    const { page } = visit;
    await page.getByRole('heading', { name: 'No schedules' }).waitFor();
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    await editor(page).getByLabel('Cron line').fill('30 7 * * 1-5');
    await editor(page).getByText('At 07:30, Monday through Friday').waitFor();
    await editor(page).getByLabel('Time zone').fill('Asia/Tokyo');
    await editor(page).getByRole('list', { name: 'Next dates' }).getByText('07:30 GMT+9').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    await editor(page).getByRole('button', { name: 'Add the schedule' }).click();
    await editor(page).waitFor({ state: 'detached' });
    await page.getByText('At 07:30, Monday through Friday').waitFor();
    expect(await schedulesOf(id)).toMatchObject([
      { active: true, schedule: { cron: '30 7 * * 1-5', day_or: true, timezone: 'Asia/Tokyo' } },
    ]);
    expect(visit.problems).toEqual([]);
  });

  it('are intervals from a moment, by the clocks of their zone', async () => {
    const id = await aDeployment('interval-made');
    const { page } = await openSchedules(id);
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    await editor(page).getByText('every so often').click();
    await editor(page).getByLabel('Every', { exact: true }).fill('90');
    await editor(page).getByRole('button', { name: 'hours Unit' }).click();
    await page.getByRole('option', { name: 'minutes' }).click();
    await editor(page).getByLabel('Counted from').fill('2026-07-01T08:00');
    await editor(page).getByLabel('Time zone').fill('Europe/Berlin');
    await editor(page).getByRole('button', { name: 'Add the schedule' }).click();
    await page.getByText('every 1 h 30 m').first().waitFor();
    const [saved] = await schedulesOf(id);
    expect(saved?.schedule).toMatchObject({ interval: 5400, timezone: 'Europe/Berlin' });
    expect(saved && 'interval' in saved.schedule && Date.parse(saved.schedule.anchor_date)).toBe(Date.UTC(2026, 6, 1, 6));
  });

  it('are rules of a calendar, with parameters of their own', async () => {
    const id = await aDeployment('rule-made');
    const { page } = await openSchedules(id);
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    await editor(page).getByText('by calendar rules').click();
    await editor(page).getByRole('button', { name: 'Last Friday' }).click();
    await editor(page).getByRole('list', { name: 'Next dates' }).getByText(/Fri, /).first().waitFor();
    await editor(page).getByRole('switch', { name: 'Active' }).click({ force: true });
    await editor(page).getByRole('button', { name: 'More' }).click();
    await editor(page).getByLabel('Name', { exact: true }).fill('month-end');
    await editor(page).getByLabel('pages', { exact: true }).fill('9');
    await editor(page).getByRole('button', { name: 'Add the schedule' }).click();
    await page.getByText('month-end').waitFor();
    await page.getByText('with its own pages').waitFor();
    expect(await schedulesOf(id)).toMatchObject([{ active: false, slug: 'month-end', parameters: { pages: 9 } }]);
  });

  it('say at once what is wrong with them, and are not saved', async () => {
    const id = await aDeployment('wrong');
    const { page } = await openSchedules(id);
    await page.getByRole('button', { name: 'Add a schedule' }).click();
    await editor(page).getByLabel('Cron line').fill('0 25 * * *');
    await editor(page).getByRole('region', { name: 'Next dates' }).getByText(/cron/i).waitFor();
    await editor(page).getByRole('button', { name: 'Add the schedule' }).click();
    await editor(page).getByRole('alert').waitFor();
    expect(await schedulesOf(id)).toEqual([]);
  });

  it('are changed, switched off and deleted', async () => {
    const id = await aDeployment('changed', [{ schedule: { cron: '0 6 * * *', timezone: 'UTC' } }]);
    const { page } = await openSchedules(id);
    const more = () => page.getByRole('button', { name: /^More about the schedule/ });
    await page.getByRole('button', { name: 'Next dates' }).click();
    await page.getByRole('list', { name: 'Next dates' }).getByText('06:00 UTC').first().waitFor();
    await page.getByRole('switch', { name: /^Schedule cron/, disabled: false }).click({ force: true });
    await page.getByText('off', { exact: true }).waitFor();
    await more().click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    await editor(page).getByLabel('Cron line').fill('15 8 * * *');
    await editor(page).getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('At 08:15, every day').waitFor();
    expect(await schedulesOf(id)).toMatchObject([{ active: false, schedule: { cron: '15 8 * * *' } }]);
    await more().click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete the schedule' }).click();
    await page.getByRole('heading', { name: 'No schedules' }).waitFor();
    expect(await schedulesOf(id)).toEqual([]);
  });

  it('are all of the keyboard', async () => {
    const id = await aDeployment('typed');
    const { page } = await openSchedules(id);
    await page.getByRole('button', { name: 'Add a schedule' }).focus();
    await page.keyboard.press('Enter');
    await editor(page).getByLabel('Cron line').waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('5 5 * * *');
    await page.keyboard.press('Enter');
    await page.getByText('At 05:05, every day').waitFor();
    await expect.poll(() => schedulesOf(id)).toHaveLength(1);
  });
});

describe('a deployment', () => {
  it('is edited without deploying it again', async () => {
    const id = await aDeployment('edited');
    const visit = await dashboard.open(`/deployments/deployment/${id}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    await editor(page).getByLabel('Description').fill('For *everyone*');
    await editor(page).getByLabel('Tags').fill('a, b, a');
    await editor(page).getByLabel('Runs at once').fill('2');
    await editor(page).getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('For everyone').waitFor();
    const saved = await call(dashboard.server, 'GET /deployments/{id}', undefined, { id });
    expect(saved).toMatchObject({
      description: 'For *everyone*',
      tags: ['a', 'b'],
      global_concurrency_limit: { limit: 2 },
      concurrency_options: { collision_strategy: 'ENQUEUE' },
    });
    expect(visit.problems).toEqual([]);
  });

  it('is run later, with tags and a key, and the form survives a reload', async () => {
    const visit = await dashboard.open(`/deployments/deployment/${dashboard.seeded.deploymentId}/run`);
    const { page } = visit;
    await page.getByLabel('customer', { exact: true }).fill('acme');
    await page.getByRole('button', { name: 'in 1 h' }).click();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByLabel('Tags').fill('urgent');
    await page.getByLabel('Idempotency key').fill('once-1');
    await page.reload();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    expect(await page.getByLabel('Tags').inputValue()).toBe('urgent');
    await page.getByLabel('Job variables').fill('[1]');
    await page.getByRole('button', { name: 'Schedule the run' }).click();
    await page.getByText('This must be a JSON object').waitFor();
    await page.getByLabel('Job variables').fill('{"env": {"A": "1"}}');
    await page.getByRole('button', { name: 'Schedule the run' }).click();
    await page.waitForURL(/\/runs\/flow-run\//);
    await page.getByText('Not due yet').waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const run = await call(dashboard.server, 'GET /flow_runs/{id}', undefined, { id });
    expect(run).toMatchObject({
      parameters: { customer: 'acme' },
      state_type: 'SCHEDULED',
      idempotency_key: 'once-1',
      job_variables: { env: { A: '1' } },
    });
    expect(run.tags).toContain('urgent');
    expect(Date.parse(run.expected_start_time ?? '')).toBeGreaterThan(Date.now() + 30 * 60_000);
    expect(visit.problems).toEqual([]);
  });

  it('takes all its parameters as one JSON', async () => {
    const { page } = await dashboard.open(`/deployments/deployment/${dashboard.seeded.deploymentId}/run`);
    await page.getByRole('button', { name: 'All as JSON' }).click();
    await page.getByLabel('Parameters as JSON').fill('{"customer": "globex", "pages": 7}');
    await page.getByRole('button', { name: 'As a form' }).click();
    expect(await page.getByLabel('customer', { exact: true }).inputValue()).toBe('globex');
    expect(await page.getByLabel('pages', { exact: true }).inputValue()).toBe('7');
  });
});
