import { describe, expect, it } from 'vitest';
import { useDashboard } from './dashboard.ts';
import { HOSTILE } from './fitness.ts';
import { aRun } from './seed.ts';

const dashboard = useDashboard();

describe('the palette', () => {
  it('finds an object by a part of its name, and leads to it, by keys alone', async () => {
    const visit = await dashboard.open('/settings');
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search or do anything' });
    await field.waitFor();
    expect(await visit.accessibilityViolations()).toEqual([]);
    await page.keyboard.type('crow');
    await page.getByRole('option', { name: /loud-crow/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'loud-crow' }).waitFor();
    expect(await field.count()).toBe(0);
    expect(visit.problems).toEqual([]);
  });

  it('finds what has an id, and tells when nothing is called so', async () => {
    const { page } = await dashboard.open('/dashboard');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    await page.getByRole('combobox').fill(dashboard.seeded.taskRunId);
    await page.getByRole('option', { name: /extract-0 Task run/ }).waitFor();
    await page.getByRole('combobox').fill('no such thing');
    await page.getByText('Nothing is called “no such thing”.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('does what the page offers, and what a found object offers', async () => {
    const { page } = await dashboard.open(`/runs/flow-run/${dashboard.seeded.failedRunId}`);
    await page.getByRole('heading', { level: 1, name: 'loud-crow' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('to the log');
    await page.getByRole('option', { name: /^To the log/ }).click();
    await page.waitForURL(/tab=logs/);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('prod');
    await page.getByRole('option', { name: /^Run prod/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Run prod' }).waitFor();
  });

  it('goes through its options by arrows, round the end', async () => {
    const { page } = await dashboard.open('/runs');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('go to');
    await page.getByRole('option', { name: /^Go to Dashboard/, selected: true }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.getByRole('option', { name: /^Go to Settings/, selected: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/runs');
  });

  it('shows hostile names as they are', async () => {
    await aRun(dashboard.server, dashboard.seeded.flowId, HOSTILE, []);
    const visit = await dashboard.open('/runs');
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('onerror');
    await page.getByRole('option', { name: /img src/ }).waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(visit.problems).toEqual([]);
  });
});

describe('keys', () => {
  it('lead to pages and to the filter, but not while one types', async () => {
    const { page } = await dashboard.open('/dashboard');
    await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
    await page.keyboard.type('gr');
    await page.waitForURL('**/runs');
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('ge');
    await page.waitForURL('**/runs?name=ge');
  });

  it('are listed with those of the page, and can be switched off', async () => {
    const visit = await dashboard.open(`/runs/flow-run/${dashboard.seeded.failedRunId}`);
    const { page } = visit;
    await page.getByRole('heading', { level: 1, name: 'loud-crow' }).waitFor();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.getByText('To the timeline').waitFor();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await visit.accessibilityViolations()).toEqual([]);
    await sheet.getByText('Single keys do things').click();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await page.keyboard.type('gr');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    expect(page.url()).toContain('/runs/flow-run/');
  });

  it('of a run ask before they cancel', async () => {
    const { page } = await dashboard.open(`/runs/flow-run/${dashboard.seeded.runningRunId}`);
    await page.getByRole('heading', { level: 1, name: 'swift-fox' }).waitFor();
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'Cancel swift-fox?' }).waitFor();
  });
});

it('the first visit of a page stays within its bytes and requests', async () => {
  const { page } = await dashboard.open('/settings');
  let bytes = 0;
  let requests = 0;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  session.on('Network.responseReceived', () => {
    requests++;
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await page.goto(`${dashboard.server.url}/dashboard`);
  await page.getByText('loud-crow').first().waitFor();
  await page.waitForLoadState('networkidle');
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(230_000);
  expect(requests).toBeLessThanOrEqual(12);
});
