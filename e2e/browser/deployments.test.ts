import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { useDashboard } from './dashboard.ts';

const dashboard = useDashboard();

describe('running a deployment by its form', () => {
  it('sends a value of every kind, and only what was changed', async () => {
    const visit = await dashboard.open(`/deployments/deployment/${dashboard.seeded.deploymentId}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByLabel('customer', { exact: true }).fill('acme');
    await page.getByLabel('ratio', { exact: true }).fill('0.25');
    await page.getByRole('switch', { name: 'dry_run' }).click({ force: true });
    await page.getByRole('button', { name: 'eu region' }).click();
    await page.getByRole('option', { name: 'us' }).click();
    await page.getByRole('button', { name: 'Add an entry' }).click();
    await page.getByLabel('Entry 2 of labels', { exact: true }).fill('b');
    await page.getByRole('switch', { name: 'Give day a value' }).click({ force: true });
    await page.getByLabel('day', { exact: true }).fill('2026-02-03');
    await page.getByLabel('options', { exact: true }).fill('{"deep": [1, null]}');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL(/\/runs\/flow-run\//);
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const run = await call(dashboard.server, 'GET /flow_runs/{id}', undefined, { id });
    expect(run.parameters).toEqual({
      customer: 'acme',
      pages: 4,
      ratio: 0.25,
      dry_run: true,
      region: 'us',
      labels: ['a', 'b'],
      day: '2026-02-03',
      options: { deep: [1, null] },
    });
    expect(visit.problems).toEqual([]);
  });

  it('says at the field what is missing and sends nothing', async () => {
    const visit = await dashboard.open(`/deployments/deployment/${dashboard.seeded.deploymentId}/run`);
    const { page } = visit;
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByText('A value is needed').waitFor();
    await page.getByText('Look again at customer.').waitFor();
    expect(visit.apiRequests.filter((request) => request.includes('create_flow_run'))).toEqual([]);
  });

  it('starts again from the parameters of an earlier run', async () => {
    const { id } = await call(
      dashboard.server,
      'POST /deployments/{id}/create_flow_run',
      { parameters: { customer: 'globex' } },
      { id: dashboard.seeded.deploymentId },
    );
    const visit = await dashboard.open(`/runs/flow-run/${id}`);
    await visit.page.getByRole('button', { name: 'Run again' }).click();
    await visit.page.getByRole('heading', { name: 'Run prod again' }).waitFor();
    expect(await visit.page.getByLabel('customer', { exact: true }).inputValue()).toBe('globex');
  });
});

describe('switches', () => {
  it('pause and resume a deployment', async () => {
    const visit = await dashboard.open('/deployments');
    const row = visit.page.getByRole('listitem').filter({ hasText: 'etl-orders' });
    await row.getByRole('switch', { disabled: false }).click({ force: true });
    await row.getByText('Paused').waitFor();
    await visit.page.reload();
    await row.getByText('Paused').waitFor();
    await row.getByRole('switch', { disabled: false }).click({ force: true });
    await row.getByText('Paused').waitFor({ state: 'detached' });
  });

  it('pause a work pool, and its page hears of a worker at once', async () => {
    const visit = await dashboard.open('/work-pools/work-pool/local');
    const { page } = visit;
    await page.getByRole('switch', { name: 'Takes work', disabled: false }).click({ force: true });
    await page.getByRole('heading', { level: 1, name: 'local Paused' }).waitFor();
    await page.getByRole('switch', { name: 'Takes work', disabled: false }).click({ force: true });
    await page.getByText('No worker is online.').waitFor();
    await call(
      dashboard.server,
      'POST /work_pools/{work_pool_name}/workers/heartbeat',
      { name: 'worker-1' },
      { work_pool_name: 'local' },
    );
    await page.getByText('No worker is online.').waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: /Workers/ }).click();
    await page.getByText('worker-1').waitFor();
    expect(visit.problems).toEqual([]);
  });
});
