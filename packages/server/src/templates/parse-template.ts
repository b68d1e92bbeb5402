import { ExpressionParser, parseExpression } from './parse-expression.ts';
import { type Branch, type Node, TemplateSyntaxError } from './syntax.ts';
import { cutTemplate, type Stretch } from './tokens.ts';

const MOST_LOOPS = 10;
const DEEPEST_LOOP = 2;

/** Tells whether a text is a template at all. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/**
 * Reads a template and checks its bounds. Contract: events 10.2.
 *
 * @throws TemplateSyntaxError
 */
export function parseTemplate(template: string): Node[] {
  const nodes = new TemplateParser(cutTemplate(template)).all();
  checkLoops(nodes);
  return nodes;
}

function checkLoops(nodes: readonly Node[]): void {
  const { count, depth } = loopsIn(nodes);
  if (count > MOST_LOOPS)
    throw new TemplateSyntaxError(`Contains ${count} for loops. Templates can contain no more than ${MOST_LOOPS} for loops.`, 1);
  if (depth > DEEPEST_LOOP)
    throw new TemplateSyntaxError(
      `Contains nested for loops at a depth of ${depth}. Templates can nest for loops no more than ${DEEPEST_LOOP} loops deep.`,
      1,
    );
}

function loopsIn(nodes: readonly Node[]): { count: number; depth: number } {
  const inner = nodes.map((node) => {
    if (node.kind === 'if') return loopsIn(node.branches.flatMap(({ body }) => body));
    if (node.kind !== 'for') return { count: 0, depth: 0 };
    const body = loopsIn(node.body);
    const otherwise = loopsIn(node.otherwise);
    return { count: 1 + body.count + otherwise.count, depth: Math.max(1 + body.depth, otherwise.depth) };
  });
  return {
    count: inner.reduce((sum, { count }) => sum + count, 0),
    depth: Math.max(0, ...inner.map(({ depth }) => depth)),
  };
}

/** A tag: its name, and the words behind it. */
interface Tag {
  readonly name: string;
  readonly rest: string;
  readonly line: number;
}

class TemplateParser {
  readonly #stretches: readonly Stretch[];
  #at = 0;

  constructor(stretches: readonly Stretch[]) {
    this.#stretches = stretches;
  }

  all(): Node[] {
    const { nodes, tag } = this.#until([]);
    if (tag) throw new TemplateSyntaxError(`'${tag.name}' stands where nothing was begun`, tag.line);
    return nodes;
  }

  /** Reads up to one of these tags, which is taken. */
  #until(names: readonly string[]): { nodes: Node[]; tag: Tag | undefined } {
    const nodes: Node[] = [];
    for (let stretch = this.#next(); stretch; stretch = this.#next()) {
      if (stretch.kind === 'text') nodes.push({ kind: 'text', text: stretch.text });
      else if (stretch.kind === 'output') nodes.push({ kind: 'output', value: parseExpression(stretch.text, stretch.line) });
      else {
        const tag = tagOf(stretch);
        if (names.includes(tag.name) || CLOSING.includes(tag.name)) {
          if (names.includes(tag.name)) return { nodes, tag };
          throw new TemplateSyntaxError(`'${tag.name}' stands where nothing was begun`, tag.line);
        }
        nodes.push(this.#statement(tag));
      }
    }
    return { nodes, tag: undefined };
  }

  #statement(tag: Tag): Node {
    switch (tag.name) {
      case 'if':
        return this.#if(tag);
      case 'for':
        return this.#for(tag);
      case 'set':
        return readSet(tag);
      default:
        throw new TemplateSyntaxError(`unknown tag '${tag.name}'`, tag.line);
    }
  }

  #if(start: Tag): Node {
    const branches: Branch[] = [];
    let test: Branch['test'] = parseExpression(start.rest, start.line);
    for (;;) {
      const { nodes, tag } = this.#until(test === null ? ['endif'] : ['elif', 'else', 'endif']);
      branches.push({ test, body: nodes });
      if (!tag) throw new TemplateSyntaxError(`'if' is never ended by 'endif'`, start.line);
      if (tag.name === 'endif') return { kind: 'if', branches };
      test = tag.name === 'elif' ? parseExpression(tag.rest, tag.line) : null;
    }
  }

  #for(start: Tag): Node {
    const parser = new ExpressionParser(start.rest, start.line);
    const names = [parser.name()];
    while (parser.symbol(',')) names.push(parser.name());
    if (!parser.word('in')) throw new TemplateSyntaxError(`'for' wants a name, 'in' and what to go through`, start.line);
    const of = parser.expression();
    parser.end();
    const { nodes: body, tag } = this.#until(['else', 'endfor']);
    const rest = tag?.name === 'else' ? this.#until(['endfor']) : { nodes: [], tag };
    if (!rest.tag) throw new TemplateSyntaxError(`'for' is never ended by 'endfor'`, start.line);
    return { kind: 'for', names, of, body, otherwise: rest.nodes };
  }

  #next(): Stretch | undefined {
    const stretch = this.#stretches[this.#at];
    this.#at += 1;
    return stretch;
  }
}

const CLOSING = ['elif', 'else', 'endif', 'endfor'];

function tagOf({ text, line }: Stretch): Tag {
  const [, name = '', rest = ''] = /^\s*(\w*)\s*(.*?)\s*$/s.exec(text) ?? [];
  return { name, rest, line };
}

function readSet({ rest, line }: Tag): Node {
  const parser = new ExpressionParser(rest, line);
  const name = parser.name();
  if (!parser.symbol('=')) throw new TemplateSyntaxError(`'set' wants a name, '=' and a value`, line);
  const value = parser.expression();
  parser.end();
  return { kind: 'set', name, value };
}
