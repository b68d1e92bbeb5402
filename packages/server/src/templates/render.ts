import { FILTERS, type Filter, METHODS, TESTS } from './filters.ts';
import { parseTemplate } from './parse-template.ts';
import type { BinaryOperator, Expression, Node } from './syntax.ts';
import { areEqual, compared, isTruthy, itemsOf, memberOf, printed } from './values.ts';

/** A template that can be read but not filled. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

export type TemplateContext = Readonly<Record<string, unknown>>;

const LONGEST_RANGE = 100;
/** Bounds for templates that would never end or never fit. */
const MOST_STEPS = 100_000;
const LONGEST_TEXT = 1_000_000;

/**
 * Fills a template. It can read what `context` holds and nothing else, and what is not there reads as nothing. Contract: events 10.1.
 *
 * @param filters what stands behind `|` besides the filters that every template has.
 * @throws TemplateSyntaxError if it cannot be read, TemplateError if it cannot be filled.
 */
export function renderTemplate(
  template: string,
  context: TemplateContext,
  filters: Readonly<Record<string, Filter>> = {},
): string {
  return new Renderer(context, filters).text(parseTemplate(template));
}

class Renderer {
  readonly #scopes: Record<string, unknown>[];
  readonly #filters: Readonly<Record<string, Filter>>;
  #steps = 0;
  #length = 0;

  constructor(context: TemplateContext, filters: Readonly<Record<string, Filter>>) {
    this.#scopes = [{ ...context }];
    this.#filters = { ...FILTERS, ...filters };
  }

  text(nodes: readonly Node[]): string {
    return nodes.map((node) => this.#node(node)).join('');
  }

  #node(node: Node): string {
    this.#step();
    switch (node.kind) {
      case 'text':
        return this.#measured(node.text);
      case 'output':
        return this.#measured(printed(this.#value(node.value)));
      case 'set':
        Object.assign(this.#scopes.at(-1) ?? {}, { [node.name]: this.#value(node.value) });
        return '';
      case 'if': {
        const branch = node.branches.find(({ test }) => test === null || isTruthy(this.#value(test)));
        return branch ? this.text(branch.body) : '';
      }
      case 'for':
        return this.#loop(node);
    }
  }

  #loop({ names, of, body, otherwise }: Extract<Node, { kind: 'for' }>): string {
    const items = itemsOf(this.#value(of));
    if (items.length === 0) return this.text(otherwise);
    const texts = items.map((item, index) => {
      const values = names.length === 1 ? [item] : itemsOf(item);
      const loop = {
        index: index + 1,
        index0: index,
        revindex: items.length - index,
        first: index === 0,
        last: index === items.length - 1,
        length: items.length,
      };
      this.#scopes.push({ ...Object.fromEntries(names.map((name, at) => [name, values[at]])), loop });
      const text = this.text(body);
      this.#scopes.pop();
      return text;
    });
    return texts.join('');
  }

  #value(expression: Expression): unknown {
    this.#step();
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'name':
        return this.#scopes.findLast((scope) => Object.hasOwn(scope, expression.name))?.[expression.name];
      case 'member':
        return memberOf(this.#value(expression.of), this.#value(expression.key));
      case 'call':
        return this.#call(expression);
      case 'filter':
        return this.#named(this.#filters, 'filter', expression);
      case 'test':
        return this.#named(TESTS, 'test', expression);
      case 'unary': {
        const value = this.#value(expression.of);
        return expression.operator === 'not' ? !isTruthy(value) : -numberOf(value);
      }
      case 'binary':
        return this.#binary(expression.operator, expression.left, expression.right);
      case 'choice':
        return isTruthy(this.#value(expression.test))
          ? this.#value(expression.then)
          : expression.otherwise && this.#value(expression.otherwise);
      case 'list':
        return expression.items.map((item) => this.#value(item));
      case 'object':
        return Object.fromEntries(expression.entries.map(([key, value]) => [printed(this.#value(key)), this.#value(value)]));
    }
  }

  #named(
    table: Readonly<Record<string, (value: unknown, args: readonly unknown[]) => unknown>>,
    kind: 'filter' | 'test',
    { of, name, args }: Extract<Expression, { kind: 'filter' | 'test' }>,
  ): unknown {
    const apply = Object.hasOwn(table, name) ? table[name] : undefined;
    if (!apply) throw new TemplateError(`There is no ${kind} named '${name}'.`);
    return apply(
      this.#value(of),
      args.map((arg) => this.#value(arg)),
    );
  }

  #call({ of, args }: Extract<Expression, { kind: 'call' }>): unknown {
    const values = args.map((arg) => this.#value(arg));
    if (of.kind === 'name' && of.name === 'range') return range(values);
    if (of.kind === 'member' && of.key.kind === 'literal') {
      const name = String(of.key.value);
      const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
      if (method) return method(this.#value(of.of), values);
      throw new TemplateError(`Templates may not call '${name}'.`);
    }
    throw new TemplateError('Templates may call only range and methods that read.');
  }

  #binary(operator: BinaryOperator, leftSide: Expression, rightSide: Expression): unknown {
    const left = this.#value(leftSide);
    if (operator === 'or') return isTruthy(left) ? left : this.#value(rightSide);
    if (operator === 'and') return isTruthy(left) ? this.#value(rightSide) : left;
    return combined(operator, left, this.#value(rightSide));
  }

  #step(): void {
    this.#steps += 1;
    if (this.#steps > MOST_STEPS) throw new TemplateError('The template takes too long.');
  }

  #measured(text: string): string {
    this.#length += text.length;
    if (this.#length > LONGEST_TEXT) throw new TemplateError('The text that the template makes is too long.');
    return text;
  }
}

function combined(operator: Exclude<BinaryOperator, 'or' | 'and'>, left: unknown, right: unknown): unknown {
  switch (operator) {
    case '==':
      return areEqual(left, right);
    case '!=':
      return !areEqual(left, right);
    case '<':
      return (compared(left, right) ?? 1) < 0;
    case '<=':
      return (compared(left, right) ?? 1) <= 0;
    case '>':
      return (compared(left, right) ?? -1) > 0;
    case '>=':
      return (compared(left, right) ?? -1) >= 0;
    case 'in':
      return typeof right === 'string' ? right.includes(printed(left)) : itemsOf(right).some((item) => areEqual(item, left));
    case '~':
      return printed(left) + printed(right);
    case '+':
      if (typeof left === 'string' && typeof right === 'string') return left + right;
      if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
      return numberOf(left) + numberOf(right);
    case '-':
      return numberOf(left) - numberOf(right);
    case '*':
      return numberOf(left) * numberOf(right);
    case '/':
      return numberOf(left) / divisor(right);
    case '//':
      return Math.floor(numberOf(left) / divisor(right));
    case '%':
      return numberOf(left) - divisor(right) * Math.floor(numberOf(left) / divisor(right));
  }
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  throw new TemplateError(`${value === undefined ? 'Nothing' : printed(value)} is no number to calculate with.`);
}

function divisor(value: unknown): number {
  const number = numberOf(value);
  if (number === 0) throw new TemplateError('division by zero');
  return number;
}

function range(values: readonly unknown[]): number[] {
  const [from, to, step] =
    values.length === 1 ? [0, numberOf(values[0]), 1] : [numberOf(values[0]), numberOf(values[1]), numberOf(values[2] ?? 1)];
  const length = step === 0 ? 0 : Math.max(0, Math.ceil((to - from) / step));
  if (length > LONGEST_RANGE)
    throw new TemplateError(`Range too big. Ranges in templates have at most ${LONGEST_RANGE} elements.`);
  return Array.from({ length }, (_, index) => from + index * step);
}
