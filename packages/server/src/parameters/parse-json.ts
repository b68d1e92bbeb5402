/** Reads JSON, telling an error by its place: `Expecting value: line 1 column 4 (char 3)`. */
export function parseJson(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { error: locateError(text) };
  }
}

interface Cursor {
  text: string;
  at: number;
}

class JsonProblem extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Walks text that is known to be no JSON up to what is wrong with it. */
function locateError(text: string): string {
  const cursor: Cursor = { text, at: 0 };
  try {
    skipSpace(cursor);
    passValue(cursor);
    skipSpace(cursor);
    throw new JsonProblem('Extra data', cursor.at);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    const before = text.slice(0, error.at).split('\n');
    return `${error.message}: line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1} (char ${error.at})`;
  }
}

function skipSpace(cursor: Cursor): void {
  while (' \t\n\r'.includes(cursor.text[cursor.at] ?? '-')) cursor.at++;
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function passValue(cursor: Cursor): void {
  const character = cursor.text[cursor.at];
  if (character === '"') passString(cursor);
  else if (character === '{') passMembers(cursor, '}', passMember);
  else if (character === '[') passMembers(cursor, ']', passValue);
  else passLiteral(cursor);
}

function passLiteral(cursor: Cursor): void {
  LITERAL.lastIndex = cursor.at;
  const literal = LITERAL.exec(cursor.text);
  if (!literal) throw new JsonProblem('Expecting value', cursor.at);
  cursor.at += literal[0].length;
}

function passMembers(cursor: Cursor, end: string, pass: (cursor: Cursor) => void): void {
  cursor.at++;
  skipSpace(cursor);
  if (cursor.text[cursor.at] === end) {
    cursor.at++;
    return;
  }
  for (;;) {
    pass(cursor);
    skipSpace(cursor);
    const character = cursor.text[cursor.at];
    if (character !== ',' && character !== end) throw new JsonProblem("Expecting ',' delimiter", cursor.at);
    cursor.at++;
    if (character === end) return;
    skipSpace(cursor);
  }
}

function passMember(cursor: Cursor): void {
  if (cursor.text[cursor.at] !== '"') throw new JsonProblem('Expecting property name enclosed in double quotes', cursor.at);
  passString(cursor);
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== ':') throw new JsonProblem("Expecting ':' delimiter", cursor.at);
  cursor.at++;
  skipSpace(cursor);
  passValue(cursor);
}

function passString(cursor: Cursor): void {
  const start = cursor.at++;
  for (; ; cursor.at++) {
    const character = cursor.text[cursor.at];
    if (character === undefined) throw new JsonProblem('Unterminated string starting at', start);
    if (character === '"') break;
    if (character < ' ') throw new JsonProblem('Invalid control character at', cursor.at);
    if (character !== '\\') continue;
    cursor.at++;
    if (cursor.text[cursor.at] === 'u') {
      if (!/^[0-9a-fA-F]{4}/.test(cursor.text.slice(cursor.at + 1))) throw new JsonProblem('Invalid \\uXXXX escape', cursor.at);
    } else if (!'"\\/bfnrt'.includes(cursor.text[cursor.at] ?? '-')) throw new JsonProblem('Invalid \\escape', cursor.at - 1);
  }
  cursor.at++;
}
