import { describe, expect, it } from 'vitest';
import { bodyOf, emptyDraft, emptyTrigger, readDraft, relatedIn, withRelatedIn } from './draft.ts';
import { TEMPLATES } from './templates.ts';

describe('a draft from JSON', () => {
  it('comes back as it went out, with members that are unknown here', () => {
    const trigger = { type: 'sequence' as const, within: 60, triggers: TEMPLATES.map((template) => template.trigger()) };
    const draft = { ...emptyDraft(), name: 'x', trigger, actions: [{ type: 'later', since: '4.0' }], color: 'red' };
    expect(readDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  });

  it('fills in what is absent, and forgets the ids of triggers', () => {
    expect(readDraft({ name: 'x', trigger: { id: '1', expect: ['a'] } }).trigger).toEqual({ ...emptyTrigger(), expect: ['a'] });
    expect(readDraft({ trigger: { type: 'compound', triggers: [] } }).trigger).toEqual({
      type: 'compound',
      require: 'all',
      triggers: [],
      within: null,
    });
  });

  it.each([
    [null, 'An automation has to be an object.'],
    [{}, 'A trigger has to be an object.'],
    [{ trigger: { type: 'metric' } }, '“event”, “compound” or “sequence”, not “metric”'],
    [{ trigger: { type: 'compound' } }, 'needs “triggers”'],
    [{ trigger: { expect: 'a' } }, '“expect” of a trigger'],
    [{ trigger: {}, actions: [{}] }, 'Each action needs a “type”.'],
    [{ trigger: {}, actions: 'all' }, '“actions” has to be a list'],
  ])('that is none says why: %j', (json, message) => expect(() => readDraft(json)).toThrow(message));
});

it('a draft goes to the server with spans of time as text, at every depth', () => {
  const inner = { ...emptyTrigger(), within: 10 };
  const draft = { ...emptyDraft(), trigger: { type: 'sequence' as const, within: 60, triggers: [inner] } };
  expect(bodyOf(draft).trigger).toMatchObject({ within: 'PT60S', triggers: [{ within: 'PT10S' }] });
});

it('what is related in a role is narrowed by itself', () => {
  const flows = withRelatedIn(emptyTrigger(), 'flow', 'prefect.resource.name', ['a']);
  const both = withRelatedIn(flows, 'tag', 'prefect.resource.id', ['prefect.tag.x']);
  expect(relatedIn(both, 'flow', 'prefect.resource.name')).toEqual(['a']);
  expect(relatedIn(both, 'tag', 'prefect.resource.id')).toEqual(['prefect.tag.x']);
  const none = withRelatedIn(withRelatedIn(both, 'flow', 'prefect.resource.name', []), 'tag', 'prefect.resource.id', []);
  expect(none).toEqual(emptyTrigger());
});
