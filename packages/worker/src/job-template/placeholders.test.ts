import { describe, expect, test } from 'vitest';
import { applyValues, findPlaceholders, NOT_SET } from './placeholders.ts';

const env = { HOME_TOWN: 'Madrid', EMPTY: '' };

describe('findPlaceholders', () => {
  test.each([
    ['{{ x }}', ['x', 'standard']],
    ['{{x.y[0].z-w}}', ['x.y[0].z-w', 'standard']],
    ['{{ $HOME_TOWN }}', ['$HOME_TOWN', 'env']],
    ['{{ prefect.blocks.secret.token }}', ['prefect.blocks.secret.token', 'block']],
    ['{{ prefect.variables.limit }}', ['prefect.variables.limit', 'variable']],
  ])('%s', (text, [name, kind]) => {
    expect(findPlaceholders(text)).toEqual([{ text, name, kind }]);
  });

  test.each(['{{ a b }}', '{ x }', '{{ x | upper }}', '{{}}', '{{ a/b }}'])('%s is no placeholder', (text) => {
    expect(findPlaceholders(text)).toEqual([]);
  });
});

describe('applyValues', () => {
  test.each<[string, unknown, Record<string, unknown>, unknown]>([
    ['leaves what is no text alone', [1, true, null], {}, [1, true, null]],
    ['gives a whole placeholder its value of any type', '{{ x }}', { x: { a: [1] } }, { a: [1] }],
    ['finds values by path', '{{ a.b[1].c }}', { a: { b: [0, { c: 'deep' }] } }, 'deep'],
    ['takes null for a value', { e: '{{ e }}' }, { e: null }, { e: null }],
    ['drops entries without a value', { a: '{{ a }}', b: 1 }, {}, { b: 1 }],
    ['drops items without a value', ['{{ a }}', 'b'], {}, ['b']],
    ['writes values into a longer text', 'x={{ x }} y={{ y }}', { x: 1, y: 'two' }, 'x=1 y=two'],
    ['writes scalars as Python does', '{{ t }}/{{ n }}', { t: true, n: null }, 'True/None'],
    ['empties a longer text of what has no value', 'x={{ x }}.', {}, 'x=.'],
    ['reads the environment as text', '{{ $HOME_TOWN }}', {}, 'Madrid'],
    ['empties a variable that is not set', '{{ $MISSING }}', {}, ''],
    ['does not read values again', '{{ x }}', { x: '{{ y }}', y: 1 }, '{{ y }}'],
    ['does not touch keys', { '{{ x }}': '{{ x }}' }, { x: 1 }, { '{{ x }}': 1 }],
    ['leaves blocks and variables for later', 'a {{ prefect.blocks.secret.s }}', {}, 'a {{ prefect.blocks.secret.s }}'],
    ['does not reach into prototypes', '{{ constructor }}', {}, NOT_SET],
  ])('%s', (_, template, values, expected) => {
    expect(applyValues(template, values, { env })).toEqual(expected);
  });

  test('keeps entries without a value on request, but not items of a list', () => {
    const template = { a: '{{ a }}', text: 'x={{ x }}', list: ['{{ a }}', 1] };
    expect(applyValues(template, {}, { removeNotSet: false, env })).toEqual({ a: '{{ a }}', text: 'x={{ x }}', list: [1] });
  });

  test('leaves placeholders with a given prefix', () => {
    expect(applyValues('{{ ctx.flow.name }}-{{ x }}', { x: 1 }, { skipPrefixes: ['ctx.'], env })).toBe('{{ ctx.flow.name }}-1');
  });

  test('tells which names have no value', () => {
    const missing: string[] = [];
    applyValues({ a: '{{ a }}', b: 'x {{ b.c }}' }, {}, { env, onNotSet: (name) => missing.push(name) });
    expect(missing).toEqual(['a', 'b.c']);
  });
});
