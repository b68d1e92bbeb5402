import { type BinaryOperator, type Expression, TemplateSyntaxError } from './syntax.ts';
import { type Token, tokensOf } from './tokens.ts';

/** So deep may expressions be nested. */
const DEEPEST = 50;
const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='];
const CONSTANTS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
};

/** Reads an expression. */
export function parseExpression(text: string, line: number): Expression {
  const parser = new ExpressionParser(text, line);
  const expression = parser.expression();
  parser.end();
  return expression;
}

/** Reads words one by one; each method reads what binds tighter than the one above. */
export class ExpressionParser {
  readonly #tokens: Token[];
  readonly #line: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, line: number) {
    this.#tokens = tokensOf(text, line);
    this.#line = line;
  }

  expression(): Expression {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.#problem('the expression is nested too deeply');
    const then = this.#or();
    let result = then;
    if (this.word('if')) {
      const test = this.#or();
      result = { kind: 'choice', test, then, otherwise: this.word('else') ? this.expression() : null };
    }
    this.#depth -= 1;
    return result;
  }

  /** Takes a word if it is the next one. */
  word(name: string): boolean {
    return this.#take('name', name);
  }

  symbol(value: string): boolean {
    return this.#take('symbol', value);
  }

  name(): string {
    const token = this.#next();
    if (token.kind !== 'name') throw this.#unexpected(token);
    return token.value;
  }

  end(): void {
    const token = this.#peek();
    if (token.kind !== 'end') throw this.#unexpected(token);
  }

  #or(): Expression {
    let left = this.#and();
    while (this.word('or')) left = binary('or', left, this.#and());
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.word('and')) left = binary('and', left, this.#not());
    return left;
  }

  #not(): Expression {
    return this.word('not') ? { kind: 'unary', operator: 'not', of: this.#not() } : this.#comparison();
  }

  #comparison(): Expression {
    let left = this.#sum();
    for (;;) {
      const { kind, value } = this.#peek();
      if (kind === 'symbol' && COMPARISONS.includes(value)) {
        this.#at += 1;
        left = binary(value as BinaryOperator, left, this.#sum());
      } else if (this.word('in')) left = binary('in', left, this.#sum());
      else if (kind === 'name' && value === 'not' && this.#tokens[this.#at + 1]?.value === 'in') {
        this.#at += 2;
        left = { kind: 'unary', operator: 'not', of: binary('in', left, this.#sum()) };
      } else return left;
    }
  }

  #sum(): Expression {
    return this.#chain(['+', '-', '~'], () => this.#product());
  }

  #product(): Expression {
    return this.#chain(['*', '/', '//', '%'], () => this.#unary());
  }

  #chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const { kind, value } = this.#peek();
      if (kind !== 'symbol' || !operators.includes(value)) return left;
      this.#at += 1;
      left = binary(value as BinaryOperator, left, operand());
    }
  }

  #unary(): Expression {
    if (this.symbol('-')) return { kind: 'unary', operator: '-', of: this.#unary() };
    return this.#postfix(this.#primary());
  }

  #postfix(start: Expression): Expression {
    let of = start;
    for (;;) {
      if (this.symbol('.')) of = { kind: 'member', of, key: { kind: 'literal', value: this.#memberName() } };
      else if (this.symbol('[')) {
        of = { kind: 'member', of, key: this.expression() };
        this.#expect(']');
      } else if (this.symbol('(')) of = { kind: 'call', of, args: this.#items(')') };
      else if (this.symbol('|')) of = { kind: 'filter', of, ...this.#named() };
      else if (this.word('is')) {
        const negated = this.word('not');
        const test: Expression = { kind: 'test', of, ...this.#named() };
        of = negated ? { kind: 'unary', operator: 'not', of: test } : test;
      } else return of;
    }
  }

  #memberName(): string {
    const token = this.#next();
    if (token.kind !== 'name' && token.kind !== 'number') throw this.#unexpected(token);
    return token.value;
  }

  #named(): { name: string; args: Expression[] } {
    const name = this.name();
    return { name, args: this.symbol('(') ? this.#items(')') : [] };
  }

  #primary(): Expression {
    const token = this.#next();
    if (token.kind === 'text') return { kind: 'literal', value: token.value };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.value) };
    if (token.kind === 'name')
      return token.value in CONSTANTS ? { kind: 'literal', value: CONSTANTS[token.value] } : { kind: 'name', name: token.value };
    if (token.value === '[') return { kind: 'list', items: this.#items(']') };
    if (token.value === '{') return { kind: 'object', entries: this.#entries() };
    if (token.value !== '(') throw this.#unexpected(token);
    const inner = this.expression();
    this.#expect(')');
    return inner;
  }

  #items(closing: string): Expression[] {
    const items: Expression[] = [];
    while (!this.symbol(closing)) {
      // An argument may be named; filters and functions here take theirs by place.
      if (this.#peek().kind === 'name' && this.#tokens[this.#at + 1]?.value === '=') this.#at += 2;
      items.push(this.expression());
      if (!this.symbol(',')) {
        this.#expect(closing);
        break;
      }
    }
    return items;
  }

  #entries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    while (!this.symbol('}')) {
      const key = this.expression();
      this.#expect(':');
      entries.push([key, this.expression()]);
      if (!this.symbol(',')) {
        this.#expect('}');
        break;
      }
    }
    return entries;
  }

  #take(kind: Token['kind'], value: string): boolean {
    const token = this.#peek();
    if (token.kind !== kind || token.value !== value) return false;
    this.#at += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.symbol(symbol)) throw this.#unexpected(this.#peek());
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', value: '' };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #unexpected(token: Token): TemplateSyntaxError {
    return this.#problem(token.kind === 'end' ? 'the expression ends too early' : `unexpected '${token.value}'`);
  }

  #problem(message: string): TemplateSyntaxError {
    return new TemplateSyntaxError(message, this.#line);
  }
}

function binary(operator: BinaryOperator, left: Expression, right: Expression): Expression {
  return { kind: 'binary', operator, left, right };
}
