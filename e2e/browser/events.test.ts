import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { isLive } from './browser.ts';
import { useDashboard } from './dashboard.ts';
import { HOSTILE, pageIsFit } from './fitness.ts';
import { unknownId } from './seed.ts';

const dashboard = useDashboard();

interface EventSpec {
  event: string;
  name?: string;
  resource?: string;
  payload?: Record<string, unknown>;
  related?: Record<string, string>[];
  minutesAgo?: number;
}

/** Sends an event as a client would, and answers where its page is. */
async function emit({ event, name, resource = 'acme.shop', payload = {}, related = [], minutesAgo = 0 }: EventSpec) {
  const id = randomUUID();
  const occurred = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const labels = { 'prefect.resource.id': resource, ...(name ? { 'prefect.resource.name': name } : {}) };
  await call(dashboard.server, 'POST /events', [{ id, event, occurred, resource: labels, payload, related }]);
  return { id, path: `/events/event/${occurred.slice(0, 10)}/${id}` };
}

describe('the events', () => {
  it('show what happened, over time too, are accessible, and fit every width', async () => {
    await emit({ event: 'acme.opened', name: 'The shop' });
    const visit = await dashboard.open('/events');
    await visit.page.getByRole('link', { name: 'acme.opened' }).waitFor();
    await visit.page.getByRole('img', { name: /events over time/ }).waitFor();
    expect(await visit.page.title()).toBe('Events · Prefect-TS');
    expect(visit.apiRequests.length, visit.apiRequests.join('\n')).toBeLessThanOrEqual(3);
    await pageIsFit(visit);
  });

  it('show a new one as it happens, without asking for the others again', async () => {
    const visit = await dashboard.open('/events?event=acme.live');
    const { page } = visit;
    await page.getByRole('heading', { name: 'No event matches these filters' }).waitFor();
    await isLive(page);
    await emit({ event: 'acme.other' });
    await emit({ event: 'acme.live', name: 'first' });
    await page.getByText('first', { exact: true }).waitFor();
    await emit({ event: 'acme.live', name: 'second' });
    await page.getByText('second', { exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'acme.other' }).count()).toBe(0);
    expect(visit.apiRequests.filter((request) => request.endsWith('/events/filter'))).toHaveLength(1);
  });

  it('wait to be shown while one reads further down', async () => {
    for (let index = 0; index < 40; index++) await emit({ event: `acme.row-${index}`, resource: 'acme.rows', minutesAgo: 1 });
    const { page } = await dashboard.open('/events?resource=acme.rows');
    await page.getByRole('link', { name: 'acme.row-39' }).waitFor();
    await isLive(page);
    await page.mouse.move(600, 500);
    await page.mouse.wheel(0, 700);
    await page.waitForFunction('scrollY > 300');
    await emit({ event: 'acme.late-row', resource: 'acme.rows' });
    await page.getByRole('button', { name: '1 new' }).click();
    await page.getByRole('link', { name: 'acme.late-row' }).waitFor();
  });

  it('are narrowed by name, resource, words and time, all of it in the URL', async () => {
    await emit({ event: 'acme.paid', name: 'Order 7', resource: 'acme.order.7', payload: { customer: 'zebra' } });
    await emit({ event: 'acme.sent', name: 'Order 8', resource: 'acme.order.8' });
    const { page } = await dashboard.open('/events');
    await page.getByRole('button', { name: 'Event', exact: true }).click();
    await page.getByRole('menuitemcheckbox', { name: 'acme.paid' }).click();
    await page.keyboard.press('Escape');
    await page.waitForURL(/event=acme\.paid/);
    await page.getByText('Order 7').waitFor();
    await page.getByText('Order 8').waitFor({ state: 'detached' });
    await page.reload();
    await page.getByText('Order 7').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Order 8').waitFor();

    await page.getByRole('searchbox', { name: 'Search the events' }).fill('zebra');
    await page.waitForURL(/q=zebra/);
    await page.getByText('1 event, without heartbeats').waitFor();
    await page.getByRole('searchbox', { name: 'Search the events' }).fill('');
    await page.getByText('Order 8').waitFor();

    await page.getByRole('button', { name: 'Resource' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Order 8' }).click();
    await page.keyboard.press('Escape');
    await page.waitForURL(/resource=acme\.order\.8/);
    await page.getByText('Order 7').waitFor({ state: 'detached' });
  });

  it('are narrowed to a stretch of the chart, and go back to now', async () => {
    await emit({ event: 'acme.now', resource: 'acme.chart' });
    const { page } = await dashboard.open('/events?resource=acme.chart&in=-1h');
    await page.getByRole('link', { name: 'acme.now' }).waitFor();
    const box = await page.getByRole('img', { name: /over time/ }).boundingBox();
    if (!box) throw new Error('The chart has no place.');
    await page.mouse.move(box.x + 5, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 3, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/at=\d+_\d+/);
    await page.getByRole('heading', { name: 'No event matches these filters' }).waitFor();
    await page.getByRole('button', { name: 'Back to a window that moves with time' }).click();
    await page.getByRole('link', { name: 'acme.now' }).waitFor();
  });

  it('of the same name in a row fold into one line that opens', async () => {
    for (let index = 0; index < 6; index++)
      await emit({ event: 'acme.beat', name: `beat ${index}`, resource: `acme.beat.${index}` });
    const { page } = await dashboard.open('/events?event=acme.beat');
    const line = page.getByRole('button', { name: /acme\.beat × 6/ });
    await line.waitFor();
    expect(await page.getByText('beat 3').count()).toBe(0);
    await line.click();
    await page.getByText('beat 3').waitFor();
  });

  it('say what is wrong when they cannot be loaded, and load once they can', async () => {
    const visit = await dashboard.open('/settings');
    const { page } = visit;
    await page.route('**/api/events/filter', (route) =>
      route.fulfill({ status: 500, json: { exception_message: 'Out of order' } }),
    );
    await page.getByRole('link', { name: 'Events' }).first().click();
    await page.getByText('Out of order').waitFor();
    await page.unroute('**/api/events/filter');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('list').getByText('prefect.flow-run.Failed').first().waitFor();
  });
});

describe('the page of an event', () => {
  it('shows payload and resources, leads to what it is related to, and does nothing that they say', async () => {
    const { failedRunId } = dashboard.seeded;
    const { path } = await emit({
      event: HOSTILE,
      name: HOSTILE,
      payload: { note: HOSTILE, deep: { list: [1, null, { html: HOSTILE }] } },
      related: [
        {
          'prefect.resource.id': `prefect.flow-run.${failedRunId}`,
          'prefect.resource.role': 'flow-run',
          'prefect.resource.name': 'loud-crow',
        },
        { 'prefect.resource.id': 'javascript:window.hacked=1', 'prefect.resource.role': HOSTILE },
      ],
    });
    const visit = await dashboard.open(path);
    const { page } = visit;
    await page.getByRole('region', { name: 'the payload' }).getByText('deep').waitFor();
    await pageIsFit(visit);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('main a[href^="javascript"]').count()).toBe(0);
    await page.getByRole('link', { name: 'loud-crow', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'loud-crow' }).waitFor();
  });

  it('leads to what happened to the same resource before and after, and to others like it', async () => {
    await emit({ event: 'acme.step-1', resource: 'acme.steps', minutesAgo: 3 });
    const { path } = await emit({ event: 'acme.step-2', resource: 'acme.steps', minutesAgo: 2 });
    await emit({ event: 'acme.step-3', resource: 'acme.steps', minutesAgo: 1 });
    const { page } = await dashboard.open(path);
    await page.getByRole('link', { name: 'After' }).click();
    await page.getByRole('heading', { level: 1, name: 'acme.step-3' }).waitFor();
    await page.getByRole('link', { name: 'Before' }).click();
    await page.getByRole('heading', { level: 1, name: 'acme.step-2' }).waitFor();
    await page.getByRole('link', { name: 'Before' }).click();
    await page.getByRole('heading', { level: 1, name: 'acme.step-1' }).waitFor();
    await page.getByRole('link', { name: 'Events like this' }).click();
    await page.waitForURL(/\/events\?event=acme\.step-1/);
  });

  it('makes an automation that reacts to it', async () => {
    const { path } = await emit({ event: 'acme.broken', resource: 'acme.machine' });
    const { page } = await dashboard.open(path);
    await page.getByRole('link', { name: 'Make an automation' }).click();
    await page.getByText('When the resource “acme.machine” emits “acme.broken”, nothing is done yet.').waitFor();
  });

  it.each([
    ['an event that is not there', () => `/events/event/2026-01-01/${unknownId()}`],
    ['a day that is none', () => `/events/event/soon/${unknownId()}`],
    ['an id that is none', () => '/events/event/2026-01-01/nonsense'],
  ])('of %s says so', async (_, path) => {
    const { page } = await dashboard.open(path());
    await page.getByRole('heading', { name: 'There is no such event' }).waitFor();
  });
});
