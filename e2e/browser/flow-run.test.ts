import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { isLive } from './browser.ts';
import { useDashboard } from './dashboard.ts';
import { aRun, aTaskRun, setState, writeLogs } from './seed.ts';

const dashboard = useDashboard();

describe('the page of a flow run', () => {
  it('opens a task run of the timeline by keys and keeps it in the URL', async () => {
    const visit = await dashboard.open(`/runs/flow-run/${dashboard.seeded.failedRunId}`);
    const { page } = visit;
    await page.getByRole('region', { name: /^Timeline of 3 task runs/ }).focus();
    await page.keyboard.press('ArrowRight');
    const inspector = page.getByRole('complementary', { name: 'Selected task run' });
    await inspector.getByRole('heading', { name: 'extract-0' }).waitFor();
    await page.waitForURL(/node=/);
    await page.reload();
    await inspector.getByRole('heading', { name: 'extract-0' }).waitFor();
    expect(await visit.accessibilityViolations()).toEqual([]);
    await page.getByRole('link', { name: 'Open' }).click();
    await page.getByRole('heading', { level: 1, name: 'extract-0' }).waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('follows state, task runs and log while the run goes on', async () => {
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'live-lynx', ['RUNNING']);
    const visit = await dashboard.open(`/runs/flow-run/${id}`);
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: 'live-lynx Running' }).waitFor();
    await isLive(page);
    await aTaskRun(dashboard.server, id, 'extract', 0, ['RUNNING']);
    await page.getByRole('region', { name: /^Timeline of 1 task runs/ }).waitFor();
    await writeLogs(dashboard.server, id, [[20, 'the first line']]);
    await page.getByText('the first line').waitFor();
    await writeLogs(dashboard.server, id, [[20, 'the second line']]);
    await page.getByText('the second line').waitFor();
    await setState(dashboard.server, id, 'COMPLETED');
    await page.getByRole('heading', { level: 1, name: 'live-lynx Completed' }).waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('saves the log as a file', async () => {
    const { page } = await dashboard.open(`/runs/flow-run/${dashboard.seeded.failedRunId}?tab=logs`);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the log' }).click();
    const path = await (await saved).path();
    expect(readFileSync(path, 'utf8')).toMatch(/^timestamp,level,flow_run_id,task_run_id,message\r\n[\s\S]*page 13 was slow/);
  });

  it('searches the log and narrows it by level, in the URL', async () => {
    const visit = await dashboard.open(`/runs/flow-run/${dashboard.seeded.failedRunId}?tab=logs`);
    const { page } = visit;
    const log = page.getByRole('log');
    await log.getByText('page 13 was slow').waitFor();
    const address = log.getByRole('link', { name: 'https://site.example/orders' });
    expect(await address.getAttribute('rel')).toBe('noopener noreferrer');
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('negative');
    await page.waitForURL(/q=negative/);
    await log.getByText('page 13 was slow').waitFor({ state: 'detached' });
    await log.getByText('negative').waitFor();
    await page.getByRole('searchbox', { name: 'Search the log' }).fill('');
    await page.getByRole('button', { name: 'Level' }).click();
    await page.getByRole('option', { name: 'Warnings and errors' }).click();
    await page.waitForURL(/level=warning/);
    await log.getByText('page 13 was slow').waitFor();
    await address.waitFor({ state: 'detached' });
  });

  it('shows artifacts and lets nothing in them act', async () => {
    const visit = await dashboard.open(`/runs/flow-run/${dashboard.seeded.failedRunId}?tab=artifacts`);
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: 'Summary', exact: true }).waitFor();
    await page.getByRole('cell', { name: 'DE' }).waitFor();
    expect(await page.getByRole('link', { name: 'site', exact: true }).getAttribute('href')).toBe('https://site.example/');
    expect(await page.getByRole('link', { name: 'click' }).count()).toBe(0);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(visit.problems).toEqual([]);
  });

  it.each(['tasks', 'subflows', 'parameters', 'states', 'details'])('has an accessible tab of %s', async (tab) => {
    const visit = await dashboard.open(`/runs/flow-run/${dashboard.seeded.failedRunId}?tab=${tab}`);
    await visit.page.getByRole('tabpanel').waitFor();
    await visit.page.waitForLoadState('networkidle');
    expect(await visit.accessibilityViolations()).toEqual([]);
    expect(visit.problems).toEqual([]);
  });

  it('cancels the run once that is confirmed', async () => {
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'doomed-dodo', ['RUNNING']);
    const visit = await dashboard.open(`/runs/flow-run/${id}`);
    const { page } = visit;
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog', { name: 'Cancel doomed-dodo?' }).getByRole('button', { name: 'Cancel the run' }).click();
    await page.getByRole('heading', { level: 1, name: /doomed-dodo Cancel/ }).waitFor();
    const run = await call(dashboard.server, 'GET /flow_runs/{id}', undefined, { id });
    expect(['CANCELLING', 'CANCELLED']).toContain(run.state_type);
  });

  it('draws ten thousand task runs, and moves through them smoothly', async () => {
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'huge-whale', ['RUNNING']);
    const timeline = manyTaskRuns(10_000);
    const visit = await dashboard.open('/runs');
    const { page } = visit;
    await page.route(`**/api/ui/flow_runs/${id}/timeline`, (route) => route.fulfill({ json: timeline }));
    await page.getByRole('link', { name: 'huge-whale' }).click();
    const region = page.getByRole('region', { name: /^Timeline of 10000 task runs/ });
    await region.waitFor();
    await page.getByRole('button', { name: /^extract 10,000/ }).click();
    await page.waitForURL(/open=extract/);
    const slowest = await page.evaluate<number>(`new Promise((resolve) => {
      const box = document.querySelector('section[aria-label^="Timeline of"]');
      const spans = [];
      let last = performance.now();
      let frames = 0;
      const step = (now) => {
        spans.push(now - last);
        last = now;
        box.scrollTop += 40;
        if (++frames < 60) requestAnimationFrame(step);
        else resolve(spans.sort((a, b) => a - b)[Math.floor(spans.length * 0.9)]);
      };
      requestAnimationFrame(step);
    })`);
    expect(slowest).toBeLessThan(100);
  });
});

function manyTaskRuns(count: number) {
  const columns = Array.from({ length: count }, (_, index) => index);
  return {
    position: '0',
    origin: new Date().toISOString(),
    states: [
      { type: 'COMPLETED', name: 'Completed' },
      { type: 'FAILED', name: 'Failed' },
    ],
    task_keys: ['extract-1a2b3c4d'],
    id: columns.map((index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`),
    name: columns.map((index) => `extract-${index}`),
    task_key: columns.map(() => 0),
    state: columns.map((index) => (index % 97 === 0 ? 1 : 0)),
    expected: columns.map((index) => index),
    start: columns.map((index) => index),
    end: columns.map((index) => index + 800),
    run_count: columns.map(() => 1),
    subflow_run_id: columns.map(() => null),
  };
}
