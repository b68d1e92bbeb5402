import { describe, expect, it } from 'vitest';
import { HydrationError, hydrate } from './index.ts';

const context = {
  variables: new Map<string, unknown>([['v', { a: 1 }]]),
  renderTemplate: (template: string) => {
    if (!template.includes('}}')) throw new Error("unexpected 'end of template'");
    return template.replaceAll(/\{\{ (.*?) \}\}/g, '<$1>');
  },
};

const of = (kind: unknown, rest: Record<string, unknown> = {}) => ({ __prefect_kind: kind, ...rest });

describe('hydrating parameters', () => {
  it.each([
    ['plain values stay', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['none gives its value', of('none', { value: 1 }), 1],
    ['json text is parsed', of('json', { value: '{"a":1}' }), { a: 1 }],
    ['json of another value is that value', of('json', { value: 5 }), 5],
    ['json without a value is removed from around', { x: of('json'), y: [1, of('json')] }, { y: [1] }],
    ['a removed element at the top leaves an empty object', of('json'), {}],
    ['a variable gives its value', { x: of('workspace_variable', { variable_name: 'v' }) }, { x: { a: 1 } }],
    ['a variable without a name is removed', { x: of('workspace_variable') }, {}],
    ['a template is rendered', { x: of('jinja', { template: 'a{{ b }}' }) }, { x: 'a<b>' }],
    ['text without a template in it is kept', { x: of('jinja', { template: 'plain' }) }, { x: 'plain' }],
    [
      'json of a template is rendered, then parsed',
      { x: of('json', { value: of('jinja', { template: '{"a":2}' }) }) },
      { x: { a: 2 } },
    ],
    [
      'an unknown kind gives its raw value',
      { x: of('q', { value: of('json', { value: '1' }) }) },
      { x: of('json', { value: '1' }) },
    ],
    ['an unknown kind without value gives null', { x: of(null, { a: 1 }) }, { x: null }],
    ['removal passes through none', { x: of('none', { value: of('json') }) }, {}],
  ])('%s', (_, value, expected) => {
    expect(hydrate(value, context)).toEqual(expected);
  });

  it.each([
    [of('none'), "Missing 'value' key in __prefect object"],
    [of('jinja'), "Missing 'template' key in __prefect object"],
    [of('jinja', { template: '{{ ' }), "Invalid jinja: unexpected 'end of template'"],
    [of('workspace_variable', { variable_name: 'w' }), "Variable 'w' not found in workspace."],
    [of('json', { value: '{a' }), 'Invalid JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    [of('json', { value: '' }), 'Invalid JSON: Expecting value: line 1 column 1 (char 0)'],
    [of('json', { value: '[1,]' }), 'Invalid JSON: Expecting value: line 1 column 4 (char 3)'],
    [of('json', { value: '1 2' }), 'Invalid JSON: Extra data: line 1 column 3 (char 2)'],
    [of('json', { value: 'nul' }), 'Invalid JSON: Expecting value: line 1 column 1 (char 0)'],
    [of('json', { value: '"a' }), 'Invalid JSON: Unterminated string starting at: line 1 column 1 (char 0)'],
    [of('json', { value: '{"a" 1}' }), "Invalid JSON: Expecting ':' delimiter: line 1 column 6 (char 5)"],
    [of('json', { value: '[1\n 2]' }), "Invalid JSON: Expecting ',' delimiter: line 2 column 2 (char 4)"],
    [of('json', { value: '"\n"' }), 'Invalid JSON: Invalid control character at: line 1 column 2 (char 1)'],
    [of('json', { value: '"\\q"' }), 'Invalid JSON: Invalid \\escape: line 1 column 2 (char 1)'],
  ])('%j is refused', (value, message) => {
    expect(() => hydrate({ deep: [value] }, context)).toThrow(new HydrationError(message));
  });
});
