import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { KINDS } from './kinds.ts';
import { aProvider, expectNoDrift, type Known, type Provider } from './provider.ts';

let server: TestServer;
let provider: Provider;
let deployment: Known;
let serial = 0;
beforeAll(async () => {
  server = await startTestServer();
  provider = aProvider(server.running.apiUrl);
  const flow = await provider.create(KINDS.flow, { name: 'flow', tags: [] });
  deployment = await provider.create(KINDS.deployment, { flow_id: flow.id, name: 'acted-on', enforce_parameter_schema: true });
});
afterAll(() => server.stop());

/** Those that cover every event would go on triggering themselves. */
const made: Known[] = [];
afterEach(async () => {
  for (const automation of made.splice(0)) await provider.destroy(KINDS.automation, automation);
});

const SOMEBODY = '11111111-2222-4333-8444-555555555555';

const EVENT = {
  type: 'event',
  posture: 'Reactive',
  match: { 'prefect.resource.id': 'prefect.flow-run.*' },
  match_related: { 'prefect.resource.role': 'flow', 'prefect.resource.name': ['a'] },
  after: ['prefect.flow-run.Running'],
  expect: ['prefect.flow-run.Failed', 'prefect.flow-run.Crashed'],
  for_each: ['prefect.resource.id'],
  threshold: 1,
  within: 0,
};

const anAutomation = async (planned: object) => {
  const body = {
    name: `automation-${++serial}`,
    description: 'Says so.',
    enabled: true,
    trigger: EVENT,
    actions: [{ type: 'do-nothing' }],
    actions_on_trigger: [],
    actions_on_resolve: [],
    ...planned,
  };
  const state = await provider.create(KINDS.automation, body);
  made.push(state);
  expectPlanned(state, body);
  return { state, body };
};

/** Triggers and actions are compared member by member: those that were not sent may be there only as nothing. */
function expectPlanned(state: Known, { trigger, actions, actions_on_trigger, actions_on_resolve, ...rest }: Known): void {
  expectNoDrift(state, rest);
  expectTrigger(state.trigger as Known, trigger as Known);
  expectActions(state.actions, actions);
  expectActions(state.actions_on_trigger, actions_on_trigger);
  expectActions(state.actions_on_resolve, actions_on_resolve);
}

/** What a trigger means that was not told; an empty list or object is planned as such. */
const UNTOLD: Known = { match: {}, match_related: {}, after: [], expect: [], for_each: [] };

function expectTrigger(state: Known, { triggers, require: _, ...planned }: Known): void {
  expectNoDrift(withSets(state), withSets({ ...(planned.type === 'event' ? UNTOLD : {}), ...planned }));
  if (!Array.isArray(triggers)) return;
  expect(state.triggers).toHaveLength(triggers.length);
  for (const [index, each] of triggers.entries()) expectTrigger((state.triggers as Known[])[index] ?? {}, each);
}

/** Lists of which only the members count. */
function withSets(trigger: Known): Known {
  const sets = ['after', 'expect', 'for_each'].filter((name) => Array.isArray(trigger[name]));
  return { ...trigger, ...Object.fromEntries(sets.map((name) => [name, (trigger[name] as string[]).toSorted()])) };
}

const ACTION_MEMBERS =
  `type source automation_id block_document_id deployment_id work_pool_id work_queue_id parameters job_variables
  subject body payload name state message`.split(/\s+/);

function expectActions(state: unknown, planned: unknown): void {
  const read = (action: Known) =>
    Object.fromEntries(
      ACTION_MEMBERS.map((name) => [name, action[name] ?? (name === 'parameters' || name === 'job_variables' ? {} : null)]),
    );
  expect((state as Known[]).map(read)).toEqual((planned as Known[]).map(read));
}

describe('an automation', () => {
  it('comes back as it was written, and is replaced as a whole', async () => {
    const { state, body } = await anAutomation({ actions_on_trigger: [{ type: 'cancel-flow-run' }] });
    const other = {
      ...body,
      name: 'another name',
      description: '',
      enabled: false,
      trigger: { type: 'event', posture: 'Proactive', match: {}, match_related: {}, expect: ['x'], threshold: 2, within: 30.5 },
      actions: [{ type: 'suspend-flow-run' }, { type: 'do-nothing' }],
      actions_on_trigger: [],
      actions_on_resolve: [{ type: 'do-nothing' }],
    };
    const changed = await provider.update(KINDS.automation, state, other);
    expectPlanned(changed, other);
    expect((await provider.read(KINDS.automation, changed)).trigger).toEqual(changed.trigger);
  });

  it.each([
    { 'prefect.resource.name': 'one' },
    { 'prefect.resource.name': ['one'] },
    { 'prefect.resource.name': ['b', 'a'], 'prefect.resource.id': 'prefect.flow.*' },
    [{ 'prefect.resource.role': 'flow' }, { 'prefect.resource.role': ['tag'], 'prefect.resource.id': 'prefect.tag.*' }],
    [{ 'prefect.resource.role': 'flow' }],
    {},
  ])('matches related resources in the form that was sent: %j', async (match_related) => {
    await anAutomation({ trigger: { ...EVENT, match_related } });
  });

  it('may wait for nothing in particular', async () => {
    await anAutomation({ trigger: { type: 'event', posture: 'Reactive', match_related: {}, threshold: 1, within: 0 } });
  });

  it('may wait for an event that does not come', async () => {
    await anAutomation({
      trigger: {
        type: 'event',
        posture: 'Proactive',
        match: { 'prefect.resource.id': ['prefect.flow-run.*'] },
        match_related: {},
        after: ['prefect.flow-run.Pending', 'prefect.flow-run.Late'],
        expect: ['prefect.flow-run.Running'],
        for_each: ['prefect.resource.id', 'prefect.resource.name'],
        threshold: 1,
        within: 600,
      },
    });
  });

  it.each(['any', 'all', 1])('may have a trigger of several of which it requires %s', async (required) => {
    await anAutomation({
      trigger: {
        type: 'compound',
        require: required,
        within: 302,
        triggers: [
          { type: 'event', posture: 'Reactive', expect: ['a'], match: { x: 'y' }, match_related: {}, threshold: 1, within: 0 },
          EVENT,
        ],
      },
    });
  });

  it('may have a trigger of several in a row, some of them compound', async () => {
    const inner = { type: 'compound', require: 'all', within: 60, triggers: [EVENT, { ...EVENT, threshold: 3, within: 10 }] };
    await anAutomation({ trigger: { type: 'sequence', within: 180.5, triggers: [EVENT, inner] } });
  });

  it.each([
    { type: 'run-deployment', source: 'selected', parameters: { a: 1, b: { c: [true, 'x'] } }, job_variables: { d: 2.5 } },
    { type: 'run-deployment', source: 'selected' },
    { type: 'run-deployment', source: 'inferred' },
    { type: 'pause-deployment', source: 'selected' },
    { type: 'resume-deployment', source: 'inferred' },
    { type: 'cancel-flow-run' },
    { type: 'suspend-flow-run' },
    { type: 'change-flow-run-state', state: 'FAILED', name: 'Late', message: 'Too late' },
    { type: 'change-flow-run-state', state: 'COMPLETED' },
    { type: 'pause-automation', source: 'selected', automation_id: SOMEBODY },
    { type: 'resume-automation', source: 'inferred' },
    { type: 'send-notification', block_document_id: SOMEBODY, subject: 'It {{ event.id }}', body: 'Look' },
    { type: 'call-webhook', block_document_id: SOMEBODY, payload: '{"id": "{{ event.id }}"}' },
    { type: 'pause-work-pool', source: 'selected', work_pool_id: SOMEBODY },
    { type: 'resume-work-pool', source: 'inferred' },
    { type: 'pause-work-queue', source: 'selected', work_queue_id: SOMEBODY },
    { type: 'resume-work-queue', source: 'inferred' },
    { type: 'do-nothing' },
  ])('has the action that was written: %j', async (written) => {
    const onDeployment = written.type.endsWith('-deployment') && written.source === 'selected';
    const action = onDeployment ? { ...written, deployment_id: deployment.id } : written;
    await anAutomation({ actions: [action], actions_on_trigger: [action], actions_on_resolve: [action] });
  });
});
