import { describe, expect, it } from 'vitest';
import { splitLinks } from '../widgets/links.ts';
import { parseAnsi } from './ansi.ts';

const ESC = '\u001b';

describe('colours in log lines', () => {
  it('leaves plain lines whole', () => expect(parseAnsi('plain [31m')).toEqual([{ text: 'plain [31m' }]));

  it('follows colour, weight and reset', () => {
    expect(parseAnsi(`a ${ESC}[31mred ${ESC}[1mbold${ESC}[0m b`)).toEqual([
      { text: 'a ' },
      { text: 'red ', colour: 1 },
      { text: 'bold', colour: 1, bold: true },
      { text: ' b' },
    ]);
  });

  it('folds bright colours, skips colours of its own and drops cursor moves', () => {
    expect(parseAnsi(`${ESC}[92mok${ESC}[38;5;200mpink${ESC}[2Kdone`)).toEqual([
      { text: 'ok', colour: 2 },
      { text: 'pink', colour: 2 },
      { text: 'done', colour: 2 },
    ]);
  });
});

describe('addresses in text', () => {
  it('become links without the punctuation around them', () => {
    expect(splitLinks('see (https://a.example/x?y=1), or mailto:me@a.example.')).toEqual([
      { text: 'see (' },
      { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
      { text: '), or ' },
      { text: 'mailto:me@a.example', href: 'mailto:me@a.example' },
      { text: '.' },
    ]);
  });

  it('never makes a link of another scheme', () => {
    expect(splitLinks('javascript:alert(1) file:///etc/passwd')).toEqual([{ text: 'javascript:alert(1) file:///etc/passwd' }]);
  });
});
