import { describe, expect, it } from 'vitest';
import { ACTION_KINDS, actionProblem, newAction } from './action-kinds.ts';
import { type EventTriggerDraft, emptyDraft, emptyTrigger, withRelatedIn } from './draft.ts';
import { TEMPLATES } from './templates.ts';
import { actionPhrase, automationSentence, triggerPhrase } from './words.ts';

const template = (id: string) => TEMPLATES.find((one) => one.id === id)?.trigger() ?? emptyTrigger();
const on = (change: Partial<EventTriggerDraft>) => ({ ...emptyTrigger(), ...change });

describe('a trigger in words', () => {
  it.each([
    ['run-fails', 'a flow run fails, crashes or times out'],
    ['run-late', 'a flow run is late'],
    ['run-stuck', 'a flow run stays Running for 1 h'],
    ['deployment-not-ready', 'a deployment is not ready'],
    ['pool-not-ready', 'a work pool is not ready'],
    ['queue-not-ready', 'a work queue is not ready'],
    ['custom', 'anything does anything'],
  ])('the template %s reads “%s”', (id, words) => expect(triggerPhrase(template(id))).toBe(words));

  it('names what it is narrowed to', () => {
    const narrowed = withRelatedIn(template('run-fails'), 'flow', 'prefect.resource.name', ['etl', 'load']);
    const tagged = withRelatedIn({ ...narrowed, expect: ['prefect.flow-run.Failed'] }, 'tag', 'prefect.resource.id', [
      'prefect.tag.prod',
    ]);
    expect(triggerPhrase(tagged)).toBe('a flow run of the flow “etl” or “load” tagged “prod” fails');
  });

  it('tells counts, spans and events of other programs', () => {
    expect(triggerPhrase(on({ expect: ['acme.paid'], threshold: 3, within: 90 }))).toBe(
      'anything emits “acme.paid” 3 times within 1 m 30 s',
    );
    expect(triggerPhrase(on({ match: { 'prefect.resource.id': 'acme.shop' }, expect: ['acme.paid'] }))).toBe(
      'the resource “acme.shop” emits “acme.paid”',
    );
    expect(triggerPhrase(on({ posture: 'Proactive', after: ['acme.ordered'], expect: ['acme.paid'], within: 3_600 }))).toBe(
      'anything emits “acme.ordered” and does not emit “acme.paid” within 1 h',
    );
    expect(triggerPhrase(on({ posture: 'Proactive', expect: ['acme.alive'], within: 60 }))).toBe(
      'anything has not emitted “acme.alive” for 1 m',
    );
  });

  it('puts triggers of triggers together', () => {
    const triggers = [on({ expect: ['a'] }), on({ expect: ['b'] }), on({ expect: ['c'] })];
    const read = (change: object) => triggerPhrase({ type: 'compound', triggers, within: null, ...change });
    expect(read({ require: 'all', within: 60 })).toBe('anything emits “a”, anything emits “b” and anything emits “c” within 1 m');
    expect(read({ require: 'any' })).toBe('anything emits “a”, anything emits “b” or anything emits “c”');
    expect(read({ require: 2 })).toBe('2 of these happen: anything emits “a”; anything emits “b”; anything emits “c”');
    expect(triggerPhrase({ type: 'sequence', triggers: triggers.slice(1), within: null })).toBe(
      'anything emits “b”, and then anything emits “c”',
    );
  });
});

describe('actions in words', () => {
  it.each(ACTION_KINDS.map(({ type }) => type))('%s has a phrase of its own', (type) => {
    const phrase = actionPhrase(newAction(type));
    expect(phrase).toMatch(/^[a-z]/);
    expect(phrase).not.toContain(type);
  });

  it('name what they are done to', () => {
    const names = new Map([['d1', 'etl/prod']]);
    expect(actionPhrase({ type: 'run-deployment', source: 'selected', deployment_id: 'd1' }, names)).toBe(
      'run the deployment “etl/prod”',
    );
    expect(actionPhrase({ type: 'pause-work-pool', source: 'inferred' })).toBe('pause the work pool that the event is about');
    expect(actionPhrase({ type: 'brew-coffee' })).toBe('do “brew-coffee”');
  });

  it('are asked for what they lack', () => {
    expect(actionProblem(newAction('run-deployment'))).toBe('Choose a deployment.');
    expect(actionProblem({ type: 'run-deployment', source: 'inferred' })).toBeUndefined();
    expect(actionProblem(newAction('send-notification'))).toBeDefined();
    expect(actionProblem(newAction('cancel-flow-run'))).toBeUndefined();
  });
});

it('a whole automation is one sentence', () => {
  const draft = { ...emptyDraft(), trigger: template('run-late') };
  expect(automationSentence(draft)).toBe('When a flow run is late, nothing is done yet.');
  const actions = [newAction('cancel-flow-run'), newAction('do-nothing')];
  expect(automationSentence({ ...draft, actions })).toBe('When a flow run is late, cancel the flow run and do nothing.');
});
