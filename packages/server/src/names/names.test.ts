import { describe, expect, it, test } from 'vitest';
import { nameProblem, randomName, slugProblem } from './index.ts';
import { ADJECTIVES, NOUNS } from './words.ts';

describe('random names', () => {
  it('joins an adjective and a noun with a dash', () => {
    expect(randomName(() => 0)).toBe(`${ADJECTIVES[0]}-${NOUNS[0]}`);
    expect(randomName(() => 0.999_999)).toBe(`${ADJECTIVES.at(-1)}-${NOUNS.at(-1)}`);
    expect(randomName()).toMatch(/^[a-z]+-[a-z]+$/);
  });

  it('has no word twice, and words of lowercase letters only', () => {
    for (const words of [ADJECTIVES, NOUNS]) {
      expect(new Set(words).size).toBe(words.length);
      expect(words.filter((word) => !/^[a-z]+$/.test(word))).toEqual([]);
      expect(words.length).toBeGreaterThan(150);
    }
  });
});

test.each(['a/b', 'a%b', 'a&b', 'a>b', 'a<b', ''])('the name %j is refused', (name) => {
  expect(nameProblem(name)).toEqual({ type: 'string_pattern_mismatch', msg: "String should match pattern '^[^/%&><]+$'" });
});

test.each(['a b', 'A_b', 'é', 'a'.repeat(300)])('the name %j is accepted', (name) => {
  expect(nameProblem(name)).toBeUndefined();
});

test.each([
  ['Variable name', 'a_b-1', undefined],
  ['Variable name', 'A', 'Value error, Variable name must only contain lowercase letters, numbers, and dashes or underscores.'],
  ['Artifact key', 'a-b', undefined],
  ['Artifact key', 'a_b', 'Value error, Artifact key must only contain lowercase letters, numbers, and dashes.'],
  ['Block type slug', 'A', 'Value error, Block type slug must only contain lowercase letters, numbers, and dashes.'],
  ['Block document name', 'a b', 'Value error, Block document name must only contain lowercase letters, numbers, and dashes.'],
] as const)('%s %j', (kind, name, msg) => {
  expect(slugProblem(kind, name)?.msg).toBe(msg);
});
