import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { useDashboard } from './dashboard.ts';

const dashboard = useDashboard();
const pool = (name: string) => call(dashboard.server, 'GET /work_pools/{name}', undefined, { name });
const queues = async (work_pool_name: string) =>
  (await call(dashboard.server, 'POST /work_pools/{work_pool_name}/queues/filter', {}, { work_pool_name }))
    .sort((a, b) => a.priority - b.priority)
    .map(({ name }) => name);

async function aPool(name: string): Promise<void> {
  await call(dashboard.server, 'POST /work_pools/', { name, type: 'process' });
}

describe('a work pool', () => {
  it('is made for a kind of infrastructure, with other defaults', async () => {
    const visit = await dashboard.open('/work-pools');
    const { page } = visit;
    await page.getByRole('button', { name: 'Create a work pool' }).click();
    await page.getByLabel('Search the kinds of work pools').fill('dock');
    await page.getByRole('button', { name: /^Docker/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('boxes');
    await page.getByLabel('Runs at once').fill('4');
    await page.getByRole('button', { name: 'Change the defaults' }).click();
    await page.getByRole('switch', { name: 'stream_output' }).click({ force: true });
    expect(await visit.accessibilityViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Create the work pool' }).click();
    await page.getByText('prefect worker start --pool boxes').waitFor();
    const made = await pool('boxes');
    expect(made).toMatchObject({ type: 'docker', concurrency_limit: 4 });
    expect(made.base_job_template).toMatchObject({ variables: { properties: { stream_output: { default: false } } } });
    expect(visit.problems).toEqual([]);
  });

  it('says why it was not made', async () => {
    await aPool('taken');
    const { page } = await dashboard.open('/work-pools/create?type=process');
    await page.getByLabel('Name', { exact: true }).fill('taken');
    await page.getByRole('button', { name: 'Create the work pool' }).click();
    await page.getByRole('alert').waitFor();
  });

  it('is edited and deleted', async () => {
    await aPool('short-lived');
    const { page } = await dashboard.open('/work-pools/work-pool/short-lived');
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    await page.getByRole('dialog').getByLabel('Description').fill('<b>for tests</b>');
    await page.getByRole('dialog').getByLabel('Runs at once').fill('7');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('at most 7 at once · <b>for tests</b>').waitFor();
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete the work pool' }).click();
    await page.getByRole('heading', { level: 1, name: 'Work pools' }).waitFor();
    expect((await dashboard.server.request('GET', '/work_pools/short-lived')).status).toBe(404);
  });

  it('gets another job template, and says what does not fit in it', async () => {
    await aPool('templated');
    const { page } = await dashboard.open('/work-pools/work-pool/templated?tab=template');
    const form = page.getByRole('form', { name: 'Job template' });
    await form.getByRole('button', { name: 'The whole template as JSON' }).click();
    const json = form.getByLabel('Job template as JSON');
    await json.fill('{"job_configuration": {"command": "{{ lost }}"}, "variables": {"type": "object", "properties": {}}}');
    await form.getByText('command uses {{ lost }}, which is no variable.').waitFor();
    await json.fill(
      '{"job_configuration": {"command": "{{ command }}"}, "variables": {"type": "object", "properties": {"command": {"type": "string", "default": "go"}}}}',
    );
    await form.getByRole('list', { name: 'What to look at again' }).waitFor({ state: 'detached' });
    await form.getByRole('button', { name: 'Save the template' }).click();
    await expect
      .poll(async () => (await pool('templated')).base_job_template)
      .toMatchObject({
        variables: { properties: { command: { default: 'go' } } },
      });
  });
});

describe('the queues of a work pool', () => {
  it('are added, put in order, paused, edited and deleted', async () => {
    await aPool('queued');
    const visit = await dashboard.open('/work-pools/work-pool/queued?tab=queues');
    const { page } = visit;
    await page.getByRole('button', { name: 'Add a queue' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('urgent');
    await page.getByRole('dialog').getByLabel('Runs at once').fill('2');
    await page.getByRole('button', { name: 'Add the queue' }).click();
    const row = page.getByRole('listitem').filter({ hasText: 'urgent' });
    await row.getByText('0 of 2 running').waitFor();
    expect(await queues('queued')).toEqual(['default', 'urgent']);
    await page.getByRole('button', { name: 'Take urgent earlier', disabled: false }).click();
    await row.getByText('priority 1').waitFor();
    expect(await queues('queued')).toEqual(['urgent', 'default']);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    await page.getByRole('switch', { name: 'Work of the queue urgent', disabled: false }).click({ force: true });
    await row.getByText('Paused').waitFor();
    await page.getByRole('button', { name: 'More about the queue urgent' }).click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    await page.getByRole('dialog').getByLabel('Runs at once').fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await row.getByText('0 running').waitFor();
    await page.getByRole('button', { name: 'More about the queue urgent' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete the queue' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await queues('queued')).toEqual(['default']);
    expect(visit.problems).toEqual([]);
  });
});

describe('the workers of a work pool', () => {
  it('are seen as they come, and removed', async () => {
    await aPool('staffed');
    const { page } = await dashboard.open('/work-pools/work-pool/staffed?tab=workers');
    await page.getByText('No worker has ever asked for work here').waitFor();
    await call(
      dashboard.server,
      'POST /work_pools/{work_pool_name}/workers/heartbeat',
      { name: 'first <i>hand</i>' },
      { work_pool_name: 'staffed' },
    );
    await page.getByText('first <i>hand</i>').waitFor();
    await page.getByRole('button', { name: 'More about the worker first <i>hand</i>' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.getByText('No worker has ever asked for work here').waitFor();
  });
});
