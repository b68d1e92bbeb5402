import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { isLive } from './browser.ts';
import { useDashboard } from './dashboard.ts';

const dashboard = useDashboard({ empty: true });

describe('a new server', () => {
  it.each([
    ['/dashboard', 'First steps', 'prefect work-pool create my-pool --type process'],
    ['/runs', 'No runs in this time', "prefect deployment run 'my-flow/my-deployment'"],
    ['/runs?in=all', 'No runs yet', 'node my-flow.ts'],
    ['/flows', 'No flows yet', 'node my-flow.ts'],
    ['/deployments', 'No deployments yet', 'prefect deploy'],
    ['/work-pools', 'No work pools yet', 'prefect work-pool create my-pool --type process'],
  ])('says at %s what to do next', async (path, title, command) => {
    const visit = await dashboard.open(path);
    await visit.page.getByRole('heading', { name: title }).waitFor();
    await visit.page.getByText(command).first().waitFor();
    expect(await visit.accessibilityViolations()).toEqual([]);
    expect(visit.problems).toEqual([]);
  });

  it('leads from the bare address to the dashboard', async () => {
    const visit = await dashboard.open('/');
    await visit.page.waitForURL('**/dashboard');
  });

  it('ticks off the first steps as they happen', async () => {
    const visit = await dashboard.open('/dashboard');
    await isLive(visit.page);
    const step = visit.page.getByRole('listitem').filter({ hasText: 'Make a work pool' });
    await step.getByLabel('To do').waitFor();
    await call(dashboard.server, 'POST /work_pools/', { name: 'mine', type: 'process' });
    await step.getByLabel('Done').waitFor();
  });
});
