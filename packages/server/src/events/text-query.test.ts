import { describe, expect, it } from 'vitest';
import { matchesText, parseTextQuery } from './text-query.ts';

describe('a search for texts', () => {
  it.each([
    ['', { some: [], required: [], excluded: [] }],
    ['one Two', { some: ['one', 'two'], required: [], excluded: [] }],
    ['-no !never +must', { some: [], required: ['must'], excluded: ['no', 'never'] }],
    ['"a b" -"c d"', { some: ['a b'], required: [], excluded: ['c d'] }],
    [String.raw`"say \"hi\" \\ \n"`, { some: [String.raw`say "hi" \ \n`], required: [], excluded: [] }],
    ['"runs on', { some: ['runs on'], required: [], excluded: [] }],
    ['- a + b', { some: ['a', 'b'], required: [], excluded: [] }],
    ['bare"quoted word"', { some: ['bare', 'quoted word'], required: [], excluded: [] }],
  ])('reads %s', (query, terms) => expect(parseTextQuery(query)).toEqual(terms));

  it.each([
    ['one two', 'has TWO', true],
    ['one two', 'has three', false],
    ['+one two', 'two', false],
    ['one -two', 'one two', false],
    ['-two', 'one', true],
    ['  ', 'anything', true],
  ])('for %s in "%s" is %s', (query, text, found) => expect(matchesText(parseTextQuery(query), text)).toBe(found));
});
