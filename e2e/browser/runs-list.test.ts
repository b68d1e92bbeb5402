import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { call } from './api-call.ts';
import { isLive, launchBrowser, Visit } from './browser.ts';
import { aRun, type Seeded, seed, setState } from './seed.ts';

let server: ServerProcess;
let browser: Browser;
let seeded: Seeded;

beforeAll(async () => {
  [server, browser] = await Promise.all([aServerProcess(), launchBrowser()]);
  await server.start();
  seeded = await seed(server);
});
afterAll(async () => {
  await browser.close();
  await server.remove();
});

describe('filters of the runs list', () => {
  it('go into the URL, narrow the list, and survive reload and Back', async () => {
    const visit = await Visit.open(browser, server.url, '/runs');
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
    await visit.close();
  });

  it('find runs by a part of their name while one types', async () => {
    const { page, ...visit } = await open('/runs');
    await page.getByRole('searchbox', { name: 'Search runs by name' }).fill('crow');
    await page.waitForURL('**/runs?name=crow');
    await page.getByText('1 run', { exact: true }).waitFor();
    await visit.close();
  });

  it('that match nothing say so and can be cleared', async () => {
    const { page, ...visit } = await open('/runs?tag=nobody');
    await page.getByRole('heading', { name: 'No run matches these filters' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'swift-fox' }).waitFor();
    await visit.close();
  });
});

describe('the runs list, live', () => {
  it('shows a new run and each of its states within half a second, without a request', async () => {
    const { page, visit, ...rest } = await open('/runs');
    await isLive(page);
    await page.getByRole('link', { name: 'swift-fox' }).waitFor();
    const requests = visit.apiRequests.length;
    const id = await aRun(server, seeded.flowId, 'fresh-newt', []);
    const row = page.getByRole('listitem').filter({ hasText: 'fresh-newt' });
    await row.getByText('Pending').waitFor();
    await setState(server, id, 'RUNNING');
    const committed = performance.now();
    await row.getByText('Running').waitFor();
    expect(performance.now() - committed).toBeLessThan(500);
    expect(visit.apiRequests.length).toBe(requests);
    await rest.close();
  });

  it('lets a run go that no longer matches, and takes in one that now does', async () => {
    const id = await aRun(server, seeded.flowId, 'brave-hare', ['RUNNING']);
    const running = await open('/runs?state=running');
    const completed = await open('/runs?state=completed');
    await isLive(running.page);
    await isLive(completed.page);
    await running.page.getByRole('link', { name: 'brave-hare' }).waitFor();
    await completed.page.getByRole('link', { name: 'calm-otter' }).waitFor();
    await setState(server, id, 'COMPLETED');
    await running.page.getByRole('link', { name: 'brave-hare' }).waitFor({ state: 'detached' });
    await completed.page.getByRole('link', { name: 'brave-hare' }).waitFor();
    await running.close();
    await completed.close();
  });

  it('holds new runs back while one reads further down', async () => {
    for (let index = 0; index < 30; index++) await aRun(server, seeded.flowId, `filler-${index}`, []);
    const { page, ...visit } = await open('/runs');
    await isLive(page);
    await page.mouse.move(600, 500);
    await page.mouse.wheel(0, 600);
    await page.waitForFunction('scrollY > 300');
    await aRun(server, seeded.flowId, 'late-comer', []);
    await page.getByRole('button', { name: '1 new' }).click();
    await page.getByRole('link', { name: 'late-comer' }).waitFor();
    await visit.close();
  });
});

describe('trouble', () => {
  it('is told with a way to try again, which works', async () => {
    const visit = await Visit.open(browser, server.url, '/settings');
    const { page } = visit;
    await page.route('**/api/ui/flow_runs/page', (route) =>
      route.fulfill({ status: 500, json: { exception_message: 'Out of order' } }),
    );
    await page.getByRole('link', { name: 'Runs' }).first().click();
    await page.getByText('Out of order').waitFor();
    await page.unroute('**/api/ui/flow_runs/page');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('link', { name: 'late-comer' }).waitFor();
    await visit.close();
  });

  it('of the whole server is told, and what happened meanwhile shows once it is back', async () => {
    const { page, ...visit } = await open('/runs');
    await isLive(page);
    await server.stop();
    await page.getByText('No connection to the server').waitFor();
    await server.start();
    await call(server, 'POST /flow_runs/', { flow_id: seeded.flowId, name: 'while-away', state: { type: 'PENDING' } });
    await page.getByRole('button', { name: 'Try now' }).click();
    await isLive(page);
    await page.getByRole('link', { name: 'while-away' }).waitFor();
    await visit.close();
  });
});

async function open(path: string) {
  const visit = await Visit.open(browser, server.url, path);
  return { visit, page: visit.page, close: () => visit.close() };
}
