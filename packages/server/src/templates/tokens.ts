import { TemplateSyntaxError } from './syntax.ts';

/** A stretch of a template: text as it is, or what stands between braces. */
export interface Stretch {
  readonly kind: 'text' | 'output' | 'tag';
  readonly text: string;
  readonly line: number;
}

const CLOSING = { '{{': '}}', '{%': '%}', '{#': '#}' } as const;

/** Cuts a template at its braces. `-` beside a brace takes away the space before or behind. */
export function cutTemplate(template: string): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  let trimNext = false;
  const line = (position: number) => template.slice(0, position).split('\n').length;
  const addText = (text: string, position: number) => {
    const kept = trimNext ? text.trimStart() : text;
    if (kept !== '') stretches.push({ kind: 'text', text: kept, line: line(position) });
  };
  while (at < template.length) {
    const open = template.slice(at).search(/\{[{%#]/);
    if (open < 0) break;
    const start = at + open;
    const opening = template.slice(start, start + 2) as keyof typeof CLOSING;
    const end = endOf(template, start + 2, opening);
    if (end < 0) throw new TemplateSyntaxError(`"${opening}" is never closed by "${CLOSING[opening]}"`, line(start));
    let inner = template.slice(start + 2, end);
    const before = template.slice(at, start);
    const trimsBefore = inner.startsWith('-');
    addText(trimsBefore ? before.trimEnd() : before, at);
    trimNext = inner.endsWith('-') && inner.length > 1;
    inner = inner.slice(trimsBefore ? 1 : 0, trimNext ? -1 : undefined);
    if (opening !== '{#') stretches.push({ kind: opening === '{{' ? 'output' : 'tag', text: inner, line: line(start) });
    at = end + 2;
  }
  addText(template.slice(at), at);
  return stretches;
}

/** Braces inside of texts do not close anything. */
function endOf(template: string, from: number, opening: keyof typeof CLOSING): number {
  if (opening === '{#') return template.indexOf('#}', from);
  let depth = 0;
  for (let at = from; at < template.length; at += 1) {
    const character = template[at];
    if (character === '"' || character === "'") {
      at = closingQuote(template, at);
      if (at < 0) return -1;
    } else if (depth === 0 && template.startsWith(CLOSING[opening], at)) return at;
    else if (character === '{') depth += 1;
    else if (character === '}' && depth > 0) depth -= 1;
  }
  return -1;
}

function closingQuote(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1;
    else if (text[end] === text[at]) return end;
  }
  return -1;
}

/** A word of an expression. */
export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'symbol' | 'end';
  readonly value: string;
}

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(==|!=|<=|>=|\/\/|[-+*/%~<>()[\]{}.,:|=]))/y;

/** Cuts an expression into words. */
export function tokensOf(expression: string, line: number): Token[] {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new TemplateSyntaxError(`unexpected character ${JSON.stringify(text.slice(from).trim()[0])}`, line);
    const [, name, quoted, number, symbol] = match;
    if (name !== undefined) tokens.push({ kind: 'name', value: name });
    else if (quoted !== undefined) tokens.push({ kind: 'text', value: unquoted(quoted) });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else tokens.push({ kind: 'symbol', value: symbol ?? '' });
  }
  return [...tokens, { kind: 'end', value: 'end of the expression' }];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/gs, (_, character: string) => ESCAPES[character] ?? character);
}
