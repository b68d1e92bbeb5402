import { ADJECTIVES, NOUNS } from './words.ts';

/**
 * A name for a run that was given none, such as `brisk-otter`.
 *
 * @param random gives numbers from 0 up to but not including 1.
 */
export function randomName(random: () => number = Math.random): string {
  return `${pick(ADJECTIVES, random)}-${pick(NOUNS, random)}`;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? '';
}
