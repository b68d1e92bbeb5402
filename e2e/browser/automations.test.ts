import { randomUUID } from 'node:crypto';
import type { Automation, AutomationCreate } from '@prefect-ts/protocol';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { call } from './api-call.ts';
import { isLive } from './browser.ts';
import { useDashboard } from './dashboard.ts';
import { HOSTILE, pageIsFit } from './fitness.ts';
import { unknownId } from './seed.ts';

const dashboard = useDashboard();

type Trigger = AutomationCreate['trigger'];

function on(...expected: string[]): Trigger {
  return { type: 'event', posture: 'Reactive', expect: expected };
}

async function anAutomation(name: string, change: Partial<AutomationCreate> = {}): Promise<string> {
  const body = { name, trigger: on(`${name}.happened`), actions: [{ type: 'do-nothing' as const }], ...change };
  return (await call(dashboard.server, 'POST /automations/', body)).id;
}

async function emit(event: string): Promise<void> {
  const resource = { 'prefect.resource.id': 'acme.thing', 'prefect.resource.name': 'The thing' };
  await call(dashboard.server, 'POST /events', [{ id: randomUUID(), event, occurred: new Date().toISOString(), resource }]);
}

function read(id: string): Promise<Automation> {
  return call(dashboard.server, 'GET /automations/{id}', undefined, { id });
}

/** The automation that the page shows after it was saved. */
async function saved(page: Page): Promise<Automation> {
  await page.waitForURL(/\/automations\/automation\/[0-9a-f-]{36}$/);
  return read(page.url().slice(-36));
}

async function choose(page: Page, select: string, option: string): Promise<void> {
  await page.getByRole('button', { name: select }).first().click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

describe('the list of automations', () => {
  it('without any offers common cases to begin with', async () => {
    const visit = await dashboard.open('/automations');
    await visit.page.getByRole('heading', { name: 'No automations yet' }).waitFor();
    await pageIsFit(visit);
    await visit.page.getByRole('link', { name: /^A run is late/ }).click();
    await visit.page.getByText('When a flow run is late, nothing is done yet.').waitFor();
  });

  it('tells each in a sentence, and how often it fired, live', async () => {
    await anAutomation('watcher', { trigger: on('prefect.flow-run.Failed'), actions: [{ type: 'cancel-flow-run' }] });
    await anAutomation('counter');
    const visit = await dashboard.open('/automations');
    const { page } = visit;
    await page.getByText('When a flow run fails, cancel the flow run.').waitFor();
    const row = page.getByRole('listitem').filter({ hasText: 'counter.happened' });
    await row.getByText('Not fired in 7 days').waitFor();
    expect(visit.apiRequests.length, visit.apiRequests.join('\n')).toBeLessThanOrEqual(2);
    await isLive(page);
    await emit('counter.happened');
    await row.getByText('Fired 1 time in 7 days').waitFor();
    await pageIsFit(visit);
  });

  it('switches one off and on', async () => {
    const id = await anAutomation('switched');
    const { page } = await dashboard.open('/automations');
    const control = page.getByRole('switch', { name: 'switched is enabled' });
    await control.waitFor();
    expect(await control.isChecked()).toBe(true);
    await control.press('Space');
    await expect.poll(async () => (await read(id)).enabled).toBe(false);
    await page.reload();
    await control.waitFor();
    expect(await control.isChecked()).toBe(false);
  });

  it('is searched by name, in the URL', async () => {
    await anAutomation('needle');
    const { page } = await dashboard.open('/automations');
    await page.getByRole('searchbox').fill('need');
    await page.waitForURL('**/automations?name=need');
    await page.getByText('1 automation', { exact: true }).waitFor();
    await page.getByRole('searchbox').fill('nothing is called so');
    await page.getByRole('heading', { name: 'No automation has this in its name' }).waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByRole('link', { name: 'needle' }).waitFor();
  });

  it('says what is wrong when it cannot be loaded', async () => {
    const { page } = await dashboard.open('/settings');
    await page.route('**/api/ui/automations/page', (route) =>
      route.fulfill({ status: 500, json: { exception_message: 'Out of order' } }),
    );
    await page.getByRole('link', { name: 'Automations' }).first().click();
    await page.getByText('Out of order').waitFor();
    await page.unroute('**/api/ui/automations/page');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('listitem').first().waitFor();
  });
});

describe('the page of an automation', () => {
  it('explains it, and shows each firing with what became of it as it happens', async () => {
    const { deploymentId } = dashboard.seeded;
    const actions: AutomationCreate['actions'] = [
      { type: 'do-nothing' },
      { type: 'run-deployment', deployment_id: deploymentId, parameters: {} },
    ];
    const id = await anAutomation('explained', { actions, description: 'Why it is there' });
    const visit = await dashboard.open(`/automations/automation/${id}`);
    const { page } = visit;
    await page.getByRole('region', { name: 'Then' }).getByText('Run the deployment “etl-orders/prod”.').waitFor();
    await page.getByRole('heading', { name: 'Not fired in the last seven days' }).waitFor();
    await isLive(page);
    await emit('explained.happened');
    const firings = page.getByRole('region', { name: 'Firings' });
    await firings.getByRole('link', { name: 'explained.happened' }).waitFor();
    await firings.getByRole('link', { name: 'Do nothing: done' }).waitFor();
    await firings.getByText("'customer' is a required property").waitFor();
    await pageIsFit(visit);
    await firings.getByRole('link', { name: 'Run a deployment: failed' }).click();
    await page.getByRole('heading', { level: 1, name: 'prefect.automation.action.failed' }).waitFor();
  });

  it('deletes it, once asked', async () => {
    const id = await anAutomation('doomed');
    const { page } = await dashboard.open(`/automations/automation/${id}`);
    await page.getByRole('button', { name: 'More for doomed' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete the automation?' });
    await dialog.getByText('doomed').waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL('**/automations');
    await expect(read(id)).rejects.toThrow('404');
  });

  it('of a hostile one does nothing', async () => {
    const trigger = { ...on(HOSTILE), match: { [HOSTILE]: HOSTILE } } as Trigger;
    const actions = [{ type: 'change-flow-run-state' as const, state: 'FAILED' as const, name: HOSTILE }];
    const id = await anAutomation(HOSTILE, { trigger, actions, description: HOSTILE, tags: [HOSTILE] });
    const visit = await dashboard.open(`/automations/automation/${id}`);
    await visit.page.getByRole('heading', { level: 1, name: /img src/ }).waitFor();
    await visit.page.getByRole('link', { name: 'Edit' }).click();
    await visit.page.getByRole('button', { name: 'Save changes' }).waitFor();
    expect(await visit.page.evaluate('window.hacked')).toBeUndefined();
    expect(visit.problems).toEqual([]);
  });

  it('that is not there says so', async () => {
    const { page } = await dashboard.open(`/automations/automation/${unknownId()}`);
    await page.getByRole('heading', { name: 'There is no such automation' }).waitFor();
  });
});

describe('the editor of automations', () => {
  it('makes one from a template, narrowed to a flow, with two actions', async () => {
    const visit = await dashboard.open('/automations/create');
    const { page } = visit;
    await page.getByRole('button', { name: /^A run fails/ }).click();
    await page.getByRole('button', { name: 'of flow' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'etl-orders' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add an action', exact: true }).click();
    await page.getByRole('button', { name: 'Add an action', exact: true }).click();
    await choose(page, 'Kind of action 2', 'Pause a deployment');
    await page.getByRole('button', { name: 'Choose the deployment of action 2' }).click();
    await page.getByRole('menuitemradio', { name: 'etl-orders/prod' }).click();
    await page.keyboard.press('Escape');
    const sentence =
      'When a flow run of the flow “etl-orders” fails, crashes or times out, cancel the flow run and pause the deployment “etl-orders/prod”.';
    await page.getByText(sentence).waitFor();
    await pageIsFit(visit);
    await page.getByRole('button', { name: 'Create automation' }).click();
    const automation = await saved(page);
    await page.getByText(sentence).waitFor();
    expect(automation).toMatchObject({
      name: 'A run fails',
      trigger: {
        type: 'event',
        expect: ['prefect.flow-run.Failed', 'prefect.flow-run.Crashed', 'prefect.flow-run.TimedOut'],
        match_related: [{ 'prefect.resource.role': 'flow', 'prefect.resource.name': ['etl-orders'] }],
      },
      actions: [{ type: 'cancel-flow-run' }, { type: 'pause-deployment', deployment_id: dashboard.seeded.deploymentId }],
    });
  });

  it('makes one of several triggers in any order, and one of several in their order', async () => {
    const { page } = await dashboard.open('/automations/create?template=run-late');
    await choose(page, 'Kind of trigger', 'Several, in any order');
    await page.getByRole('button', { name: 'Add a trigger' }).click();
    await page.getByRole('button', { name: 'Add an action', exact: true }).click();
    await choose(page, 'How many of the triggers are needed', 'Any of them');
    await page.getByText('When a flow run is late or a flow run fails, crashes or times out, cancel the flow run.').waitFor();
    await page.getByRole('button', { name: 'Create automation' }).click();
    const compound = await saved(page);
    expect(compound.trigger).toMatchObject({ type: 'compound', require: 'any', triggers: [{}, {}] });

    await page.getByRole('link', { name: 'Edit' }).click();
    await choose(page, 'Kind of trigger', 'Several, in their order');
    await page.getByRole('button', { name: 'Move trigger 2 up' }).click();
    await page.getByText('Within a span of time').click();
    await page.getByText('When a flow run fails, crashes or times out, and then a flow run is late within 1 h,').waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('link', { name: 'Edit' }).waitFor();
    expect((await read(compound.id)).trigger).toMatchObject({
      type: 'sequence',
      within: 3600,
      triggers: [{ expect: ['prefect.flow-run.Failed', 'prefect.flow-run.Crashed', 'prefect.flow-run.TimedOut'] }, {}],
    });
  });

  it('makes one for what does not happen in time, of events that are typed', async () => {
    const { page } = await dashboard.open('/automations/create');
    await page.getByRole('textbox', { name: 'Name' }).fill('silence');
    await page.getByLabel('Events', { exact: true }).fill('acme.alive');
    await page.getByLabel('Events', { exact: true }).press('Enter');
    await choose(page, 'Fires when one of them', 'does not happen in time');
    await page.getByLabel('Time it has').fill('45');
    await page.getByRole('button', { name: 'Add an action', exact: true }).click();
    await choose(page, 'Kind of action 1', 'Change the state of the flow run');
    await choose(page, 'State of action 1', 'Crashed');
    await page.getByText('When anything has not emitted “acme.alive” for 45 s, set the flow run to “crashed”.').waitFor();
    await page.getByRole('button', { name: 'Create automation' }).click();
    expect(await saved(page)).toMatchObject({
      trigger: { posture: 'Proactive', expect: ['acme.alive'], within: 45 },
      actions: [{ type: 'change-flow-run-state', state: 'CRASHED' }],
    });
  });

  it('offers every kind of action with the fields that it needs', async () => {
    const { page } = await dashboard.open('/automations/create?template=run-fails');
    await page.getByRole('button', { name: 'Add an action', exact: true }).click();
    const fields: [kind: string, field: string][] = [
      ['Send a notification', 'Subject'],
      ['Call a webhook', 'Payload'],
      ['Run a deployment', 'Parameters of action 1'],
    ];
    for (const [kind, field] of fields) {
      await choose(page, 'Kind of action 1', kind);
      await page.getByRole('textbox', { name: field }).waitFor();
    }
    for (const [kind, target] of [
      ['Pause a work pool', 'work pool'],
      ['Resume a work queue', 'work queue'],
      ['Pause an automation', 'automation'],
    ] as const) {
      await choose(page, 'Kind of action 1', kind);
      await page.getByRole('button', { name: `Choose the ${target} of action 1` }).waitFor();
    }
    await page.getByText('The automation that the event is about').click();
    await page.getByText(/pause the automation that the event is about/).waitFor();
  });

  it('says what is missing, and what the server refuses', async () => {
    const { page } = await dashboard.open('/automations/create?template=run-fails');
    await page.getByRole('textbox', { name: 'Name' }).fill('');
    await page.getByRole('button', { name: 'Create automation' }).click();
    const alert = page.getByRole('alert');
    await alert.getByText('The automation needs a name.').waitFor();
    await alert.getByText('add an action').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('loop');
    await page.getByRole('button', { name: 'Add an action', exact: true }).click();
    await choose(page, 'Kind of action 1', 'Run a deployment');
    await page.getByRole('button', { name: 'Create automation' }).click();
    await alert.getByText('Action 1: Choose a deployment.').waitFor();
    await page.getByRole('tab', { name: 'JSON' }).click();
    const json = page.getByRole('textbox', { name: 'The automation as JSON' });
    const value = JSON.parse(await json.inputValue());
    await json.fill(JSON.stringify({ ...value, actions: [{ type: 'brew-coffee' }] }));
    await page.getByRole('button', { name: 'Create automation' }).click();
    await alert
      .getByText(/actions/)
      .first()
      .waitFor();
    expect(page.url()).toContain('/automations/create');
  });

  it('shows the same as JSON, both ways', async () => {
    const { page } = await dashboard.open('/automations/create?template=run-fails');
    await page.getByRole('tab', { name: 'JSON' }).click();
    const json = page.getByRole('textbox', { name: 'The automation as JSON' });
    const value = JSON.parse(await json.inputValue());
    expect(value).toMatchObject({ name: 'A run fails', trigger: { type: 'event' } });
    await json.fill('{');
    await page.getByRole('tab', { name: 'Form' }).click();
    await page.getByRole('alert').waitFor();
    await json.fill(JSON.stringify({ ...value, name: 'typed', actions: [{ type: 'suspend-flow-run' }] }));
    await page.getByRole('tab', { name: 'Form' }).click();
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('typed');
    await page.getByText(/suspend the flow run\.$/).waitFor();
  });

  it('tests against the past what is not saved yet', async () => {
    await emit('past.happened');
    await emit('past.happened');
    const { page } = await dashboard.open('/automations/create?event=past.happened');
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    const test = page.getByRole('region', { name: 'Test against the past' });
    await test.getByText('It would have fired 2 times. 2 events concern it.').waitFor();
    await test.getByRole('img', { name: /2 firings over time/ }).waitFor();
    await test.getByRole('link', { name: 'past.happened' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'past.happened' }).waitFor();
  });

  it('makes a copy of one', async () => {
    const id = await anAutomation('original', { tags: ['kept'] });
    const { page } = await dashboard.open(`/automations/automation/${id}`);
    await page.getByRole('button', { name: 'More for original' }).click();
    await page.getByRole('menuitem', { name: 'Duplicate' }).click();
    await page.getByRole('button', { name: 'Create automation' }).click();
    await page.getByRole('heading', { level: 1, name: 'original (copy)' }).waitFor();
    expect(await saved(page)).toMatchObject({
      name: 'original (copy)',
      tags: ['kept'],
      trigger: { expect: ['original.happened'] },
    });
  });
});
