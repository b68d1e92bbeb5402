import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { isLive } from './browser.ts';
import { useDashboard } from './dashboard.ts';
import { aRun, setState } from './seed.ts';

const dashboard = useDashboard();

describe('filters of the runs list', () => {
  it('go into the URL, narrow the list, and survive reload and Back', async () => {
    const visit = await dashboard.open('/runs');
    const { page } = visit;
    await page.getByRole('link', { name: 'swift-fox' }).waitFor();
    await page.getByRole('button', { name: 'State' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Failed' }).click();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/runs?state=failed');
    await page.getByRole('link', { name: 'loud-crow' }).waitFor();
    await page.getByRole('link', { name: 'swift-fox' }).waitFor({ state: 'detached' });

    await page.reload();
    await page.getByRole('link', { name: 'loud-crow' }).waitFor();
    await page.getByText('1 run', { exact: true }).waitFor();

    await page.goBack();
    await page.getByRole('link', { name: 'swift-fox' }).waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('find runs by a part of their name while one types', async () => {
    const { page } = await dashboard.open('/runs');
    await page.getByRole('searchbox', { name: 'Search runs by name' }).fill('crow');
    await page.waitForURL('**/runs?name=crow');
    await page.getByText('1 run', { exact: true }).waitFor();
  });

  it('that match nothing say so and can be cleared', async () => {
    const { page } = await dashboard.open('/runs?tag=nobody');
    await page.getByRole('heading', { name: 'No run matches these filters' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'swift-fox' }).waitFor();
  });
});

describe('the runs list, live', () => {
  it('shows a new run and each of its states without a request', async () => {
    const visit = await dashboard.open('/runs');
    const { page } = visit;
    await isLive(page);
    await page.getByRole('link', { name: 'swift-fox' }).waitFor();
    const requests = visit.apiRequests.length;
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'fresh-newt', []);
    const row = page.getByRole('listitem').filter({ hasText: 'fresh-newt' });
    await row.getByText('Pending').waitFor();
    await setState(dashboard.server, id, 'RUNNING');
    await row.getByText('Running').waitFor();
    expect(visit.apiRequests.length).toBe(requests);
  });

  it('lets a run go that no longer matches, and takes in one that now does', async () => {
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'brave-hare', ['RUNNING']);
    const running = await dashboard.open('/runs?state=running');
    const completed = await dashboard.open('/runs?state=completed');
    await isLive(running.page);
    await isLive(completed.page);
    await running.page.getByRole('link', { name: 'brave-hare' }).waitFor();
    await completed.page.getByRole('link', { name: 'calm-otter' }).waitFor();
    await setState(dashboard.server, id, 'COMPLETED');
    await running.page.getByRole('link', { name: 'brave-hare' }).waitFor({ state: 'detached' });
    await completed.page.getByRole('link', { name: 'brave-hare' }).waitFor();
  });

  it('holds new runs back while one reads further down', async () => {
    for (let index = 0; index < 30; index++) await aRun(dashboard.server, dashboard.seeded.flowId, `filler-${index}`, []);
    const { page } = await dashboard.open('/runs');
    await isLive(page);
    await page.mouse.move(600, 500);
    await page.mouse.wheel(0, 600);
    await page.waitForFunction('scrollY > 300');
    await aRun(dashboard.server, dashboard.seeded.flowId, 'late-comer', []);
    await page.getByRole('button', { name: '1 new' }).click();
    await page.getByRole('link', { name: 'late-comer' }).waitFor();
  });
});

describe('trouble', () => {
  it('is told with a way to try again, which works', async () => {
    const visit = await dashboard.open('/settings');
    const { page } = visit;
    await page.route('**/api/ui/flow_runs/page', (route) =>
      route.fulfill({ status: 500, json: { exception_message: 'Out of order' } }),
    );
    await page.getByRole('link', { name: 'Runs' }).first().click();
    await page.getByText('Out of order').waitFor();
    await page.unroute('**/api/ui/flow_runs/page');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'late-comer' }).waitFor();
  });

  it('of the whole server is told, and what happened meanwhile shows once it is back', async () => {
    const { page } = await dashboard.open('/runs');
    await isLive(page);
    await dashboard.server.stop();
    await page.getByText('No connection to the server').waitFor();
    await dashboard.server.start();
    await makeRun('while-away');
    await isLive(page);
    await page.getByRole('link', { name: 'while-away' }).waitFor();
  });

  it('of the whole server ends at once for who presses "Try now"', async () => {
    const { page } = await dashboard.open('/runs');
    await page.clock.install();
    await page.reload();
    await isLive(page);
    await dashboard.server.stop();
    await page.getByText('No connection to the server').waitFor();
    // From here on time stands still in the page, so that it does not try again by itself.
    await page.clock.pauseAt(Date.now() + 60_000);
    await dashboard.server.start();
    await makeRun('at-once');
    await page.getByRole('button', { name: 'Try now' }).click();
    await isLive(page);
    await page.clock.resume();
    await page.getByRole('link', { name: 'at-once' }).waitFor();
  });
});

async function makeRun(name: string): Promise<void> {
  await call(dashboard.server, 'POST /flow_runs/', { flow_id: dashboard.seeded.flowId, name, state: { type: 'PENDING' } });
}
