/** A piece of a log line in one look. */
export interface AnsiSpan {
  text: string;
  /** 0 to 7 as in the first eight ANSI colours; bright ones are folded onto them. */
  colour?: number;
  bold?: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const SEQUENCE = /\u001b\[([\d;]*)([A-Za-z])/g;

/** Splits a line at its colour sequences; sequences that do anything else are dropped. */
export function parseAnsi(line: string): AnsiSpan[] {
  if (!line.includes('\u001b')) return [{ text: line }];
  const spans: AnsiSpan[] = [];
  let look: Omit<AnsiSpan, 'text'> = {};
  let last = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > last) spans.push({ text: line.slice(last, match.index), ...look });
    last = match.index + match[0].length;
    if (match[2] === 'm') look = applyCodes(look, match[1] ?? '');
  }
  if (last < line.length) spans.push({ text: line.slice(last), ...look });
  return spans;
}

function applyCodes(look: Omit<AnsiSpan, 'text'>, codes: string): Omit<AnsiSpan, 'text'> {
  let next = look;
  const numbers = codes === '' ? [0] : codes.split(';').map(Number);
  for (let place = 0; place < numbers.length; place++) {
    const code = numbers[place] ?? 0;
    if (code === 0) next = {};
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 22) next = { ...next, bold: false };
    else if (code >= 30 && code <= 37) next = { ...next, colour: code - 30 };
    else if (code >= 90 && code <= 97) next = { ...next, colour: code - 90 };
    else if (code === 39) next = next.bold ? { bold: true } : {};
    // 38 and 48 carry a colour of their own in the numbers that follow; the theme's colour is kept instead.
    else if (code === 38 || code === 48) place += numbers[place + 1] === 5 ? 2 : 4;
  }
  return next;
}
