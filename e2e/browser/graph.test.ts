import type { StateType } from '@prefect-ts/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { isLive } from './browser.ts';
import { useDashboard } from './dashboard.ts';
import { HOSTILE, pageIsFit } from './fitness.ts';
import { aRun } from './seed.ts';

const dashboard = useDashboard();
let runId: string;

/** A task run that takes the results of others. */
async function aTask(flow_run_id: string, name: string, parents: string[], state: StateType = 'COMPLETED'): Promise<string> {
  const task_inputs = { data: parents.map((id) => ({ input_type: 'task_run' as const, id })) };
  const task_key = `${name.replace(/-\d+$/, '')}-1a2b3c4d`;
  const body = { flow_run_id, task_key, dynamic_key: name, name, task_inputs, state: { type: 'PENDING' as const } };
  const { id } = await call(dashboard.server, 'POST /task_runs/', body);
  for (const type of state === 'RUNNING' ? [state] : (['RUNNING', state] as const))
    await call(dashboard.server, 'POST /task_runs/{id}/set_state', { state: { type }, force: true }, { id });
  return id;
}

beforeAll(async () => {
  runId = await aRun(dashboard.server, dashboard.seeded.flowId, 'graph-gull', ['RUNNING']);
  const load = await aTask(runId, 'load-0', []);
  const scores: string[] = [];
  for (let index = 0; index < 14; index++)
    scores.push(await aTask(runId, `score-${index}`, [load], index === 2 ? 'FAILED' : 'COMPLETED'));
  const report = await aTask(runId, 'report-0', scores, 'RUNNING');
  const artifact = { key: 'findings', type: 'markdown', data: '# Found', flow_run_id: runId, task_run_id: report };
  await call(dashboard.server, 'POST /artifacts/', artifact);
});

describe('the graph of a run', () => {
  it('folds many runs of a task, unfolds them by a press, and keeps that in the URL', async () => {
    const visit = await dashboard.open(`/runs/flow-run/${runId}?tab=graph`);
    const { page } = visit;
    const graph = page.getByRole('region', { name: /^Graph of 16 runs in 3 boxes/ });
    await graph.waitFor();
    await pageIsFit(visit);
    await graph.waitFor();
    const box = await graph.boundingBox();
    if (!box) throw new Error('The graph has no place.');
    await page.getByRole('button', { name: 'Show all (F)' }).click();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForURL(/open=fold/);
    await page.getByRole('region', { name: /^Graph of 16 runs in 16 boxes/ }).waitFor();
    await page.reload();
    await page.getByRole('region', { name: /^Graph of 16 runs in 16 boxes/ }).waitFor();
    await page.getByRole('button', { name: 'Fold again' }).click();
    await graph.waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('goes from run to run by keys, shows the one that is chosen, and its artifacts', async () => {
    const { page } = await dashboard.open(`/runs/flow-run/${runId}?tab=graph`);
    await page.getByRole('region', { name: /^Graph of 16 runs/ }).focus();
    await page.keyboard.press('ArrowRight');
    const inspector = page.getByRole('complementary', { name: 'Selected task run' });
    await inspector.getByRole('heading', { name: 'load-0' }).waitFor();
    await page.waitForURL(/node=/);
    await page.keyboard.press('ArrowRight');
    await inspector.getByRole('heading', { name: 'report-0' }).waitFor();
    await page.getByRole('region', { name: 'Artifacts of the task run' }).getByRole('link', { name: 'findings' }).click();
    await page.getByRole('heading', { name: 'Found' }).waitFor();
    await page.goBack();
    await inspector.getByRole('heading', { name: 'report-0' }).waitFor();
    await page.getByRole('region', { name: /^Graph of 16 runs/ }).press('Escape');
    await inspector.waitFor({ state: 'detached' });
  });

  it('leads into a subflow and to its graph', async () => {
    const parent = await aRun(dashboard.server, dashboard.seeded.flowId, 'outer-owl', ['RUNNING']);
    const task = await aTask(parent, 'inner-0', [], 'RUNNING');
    const child = await call(dashboard.server, 'POST /flow_runs/', {
      flow_id: dashboard.seeded.flowId,
      name: 'inner-ibis',
      parent_task_run_id: task,
      state: { type: 'RUNNING' },
    });
    const { page } = await dashboard.open(`/runs/flow-run/${parent}?tab=graph`);
    await page.getByRole('region', { name: /^Graph of 1 runs/ }).press('ArrowRight');
    const chosen = page.getByRole('complementary', { name: 'Selected subflow' });
    await chosen.getByRole('heading', { name: 'etl-orders / inner-ibis' }).waitFor();
    await chosen.getByRole('link', { name: 'Open its graph' }).click();
    await page.waitForURL(`**/runs/flow-run/${child.id}?tab=graph`);
    await page.getByRole('heading', { level: 1, name: 'inner-ibis' }).waitFor();
    await page.getByRole('heading', { name: 'No task runs' }).waitFor();
  });

  it('takes in runs while they come', async () => {
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'growing-gnu', ['RUNNING']);
    const first = await aTask(id, 'first-0', []);
    const { page } = await dashboard.open(`/runs/flow-run/${id}?tab=graph`);
    await page.getByRole('region', { name: /^Graph of 1 runs/ }).waitFor();
    await isLive(page);
    await aTask(id, 'second-0', [first]);
    await page.getByRole('region', { name: /^Graph of 2 runs/ }).waitFor();
  });

  it('searches by name in the URL, and shows hostile names as they are', async () => {
    const id = await aRun(dashboard.server, dashboard.seeded.flowId, 'odd-orca', ['RUNNING']);
    await aTask(id, HOSTILE, []);
    const visit = await dashboard.open(`/runs/flow-run/${id}?tab=graph`);
    const { page } = visit;
    await page.getByRole('region', { name: /^Graph of 1 runs/ }).press('ArrowRight');
    await page.getByRole('heading', { name: /img src/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Search the graph' }).fill('img');
    await page.waitForURL(/q=img/);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(visit.problems).toEqual([]);
  });

  it('says so when the run is too large for it', async () => {
    const { page } = await dashboard.open(`/runs/flow-run/${runId}`);
    await page.route('**/graph-v2', (route) =>
      route.fulfill({ status: 400, json: { detail: 'The graph has more than 10000 nodes.' } }),
    );
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.getByRole('heading', { name: 'This run is too large for a graph' }).waitFor();
  });
});
