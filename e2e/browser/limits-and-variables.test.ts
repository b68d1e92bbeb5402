import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { useDashboard } from './dashboard.ts';

const dashboard = useDashboard();
const HOSTILE = '<img src=x onerror="window.hacked=1">';

describe('concurrency limits', () => {
  it('are added, filled, freed, switched off and deleted', async () => {
    const visit = await dashboard.open('/concurrency-limits');
    const { page } = visit;
    await page.getByRole('heading', { name: 'No limits yet' }).waitFor();
    expect(await visit.accessibilityViolations()).toEqual([]);
    await page.getByRole('button', { name: 'Add a limit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('warehouse');
    await dialog.getByLabel('Slots', { exact: true }).fill('3');
    await dialog.getByRole('button', { name: 'Add the limit' }).click();
    await page.getByText('0 / 3').waitFor();
    await call(dashboard.server, 'POST /v2/concurrency_limits/increment-with-lease', {
      names: ['warehouse'],
      slots: 2,
      lease_duration: 300,
      holder: { type: 'flow_run', id: dashboard.seeded.runningRunId },
    } as never);
    await page.reload();
    await page.getByText('2 / 3').waitFor();
    await page.getByRole('button', { name: '1 holder' }).click();
    await page.getByRole('link', { name: 'swift-fox' }).waitFor();
    await page.getByText('2 slots').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    const menu = async (entry: string) => {
      await page.getByRole('button', { name: 'More about warehouse' }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    };
    await menu('Free all slots…');
    await page.getByRole('button', { name: 'Free all slots' }).click();
    await page.getByText('0 / 3').waitFor();
    await menu('Edit…');
    await dialog.getByLabel('Slots', { exact: true }).fill('10');
    await dialog.getByLabel(/^Slots that come back/).fill('0.5');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('a slot comes back every 2.0 s').waitFor();
    await page.getByRole('switch', { name: 'The limit warehouse is active', disabled: false }).click({ force: true });
    await page.getByText('not active').waitFor();
    await page.getByRole('link', { name: 'warehouse' }).click();
    await page.getByRole('heading', { level: 1, name: 'warehouse' }).waitFor();
    await page.goto('/concurrency-limits');
    await menu('Delete…');
    await page.getByRole('button', { name: 'Delete the limit' }).click();
    await page.getByRole('heading', { name: 'No limits yet' }).waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('of tags name the task runs that hold their slots', async () => {
    const visit = await dashboard.open('/concurrency-limits?tab=tags');
    const { page } = visit;
    await page.getByRole('button', { name: 'Limit a tag' }).click();
    await page.getByRole('dialog').getByLabel('Tag').fill('db');
    await page.getByRole('dialog').getByLabel('Task runs at once').fill('1');
    await page.getByRole('button', { name: 'Add the limit' }).click();
    await page.getByText('0 / 1').waitFor();
    await call(dashboard.server, 'POST /concurrency_limits/increment', {
      names: ['db'],
      task_run_id: dashboard.seeded.taskRunId,
    });
    await page.reload();
    await page.getByText('1 / 1').waitFor();
    await page.getByRole('button', { name: '1 holder' }).click();
    await page.getByRole('link', { name: 'extract-0' }).waitFor();
    await page.setViewportSize({ width: 375, height: 800 });
    expect(await visit.sidewaysScroll()).toBe(0);
    await page.getByRole('button', { name: 'More about db' }).click();
    await page.getByRole('menuitem', { name: 'Free all slots…' }).click();
    await page.getByRole('button', { name: 'Free all slots' }).click();
    await page.getByText('0 / 1').waitFor();
    expect(visit.problems).toEqual([]);
  });

  it('that are not there say so', async () => {
    const { page } = await dashboard.open('/concurrency-limits/concurrency-limit/00000000-0000-4000-8000-000000000000');
    await page.getByRole('heading', { name: 'There is no such limit' }).waitFor();
  });
});

describe('variables', () => {
  const saved = (name: string) => call(dashboard.server, 'GET /variables/name/{name}', undefined, { name });

  it('are added with values of every kind, changed and deleted', async () => {
    const visit = await dashboard.open('/variables');
    const { page } = visit;
    await page.getByRole('heading', { name: 'No variables yet' }).waitFor();
    const dialog = page.getByRole('dialog');
    const add = async (name: string, value: string) => {
      await page.getByRole('button', { name: 'Add a variable' }).click();
      await dialog.getByLabel('Name').fill(name);
      await dialog.getByLabel('Value').fill(value);
      await dialog.getByRole('button', { name: 'Add the variable' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByRole('button', { name, exact: true }).waitFor();
    };
    await add('greeting', HOSTILE);
    await add('regions', '["eu", "us"]');
    await add('count', '42');
    await add('words', '"42"');
    expect(await Promise.all(['greeting', 'regions', 'count', 'words'].map(async (name) => (await saved(name)).value))).toEqual([
      HOSTILE,
      ['eu', 'us'],
      42,
      '42',
    ]);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await visit.accessibilityViolations(), colorScheme).toEqual([]);
    }
    await page.getByRole('button', { name: 'words', exact: true }).click();
    expect(await dialog.getByLabel('Value').inputValue()).toBe('"42"');
    await dialog.getByLabel('Tags').fill('a, b');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await saved('words')).toMatchObject({ value: '42', tags: ['a', 'b'] });
    await page.getByRole('checkbox', { name: 'Choose count' }).check();
    await page.getByRole('checkbox', { name: 'Choose regions' }).check();
    await page.getByRole('button', { name: 'Delete 2…' }).click();
    await page.getByRole('button', { name: 'Delete 2 variables' }).click();
    await page.getByRole('button', { name: 'count', exact: true }).waitFor({ state: 'detached' });
    expect(await call(dashboard.server, 'POST /variables/count', {})).toBe(2);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    for (const width of [375, 768, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await visit.sidewaysScroll(), `${width} px`).toBe(0);
    }
    expect(visit.problems).toEqual([]);
  });

  it('are looked up by name, and the address tells which', async () => {
    await call(dashboard.server, 'POST /variables/', { name: 'needle_one', value: 1 });
    const { page } = await dashboard.open('/variables?name=needle');
    await page.getByRole('button', { name: 'needle_one', exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Search variables' }).fill('nothing like it');
    await page.getByRole('heading', { name: 'No variable matches these filters' }).waitFor();
    await page.waitForURL(/name=nothing/);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('button', { name: 'needle_one', exact: true }).waitFor();
  });

  it('say why a name is refused', async () => {
    const { page } = await dashboard.open('/variables');
    await page.getByRole('button', { name: 'Add a variable' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Not A Name');
    await page.getByRole('button', { name: 'Add the variable' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
  });
});
