/** The operations of the contract document, what carries each out, and which tests call it: `node tools/api-coverage.ts` prints the table. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contract } from '../packages/protocol/src/contract.ts';

/** What is known of an operation. */
export interface Coverage {
  /** Method and path template, for example `GET /flows/{id}`. */
  readonly operation: string;
  /** The file with its handler; nothing when there is none. */
  readonly handler: string | undefined;
  /** The test files that call it. */
  readonly tests: readonly string[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HANDLERS = 'packages/server/src/api';
const TESTS = [
  'packages/server/test',
  'packages/server/src',
  'packages/cli/test',
  'packages/sdk/test',
  'packages/worker/src',
  'e2e',
];

/** Reads handlers and tests from their sources. */
export function apiCoverage(): Coverage[] {
  const handlers = filesIn(HANDLERS).map((path) => ({ path, text: readFileSync(ROOT + path, 'utf8') }));
  const calls = TESTS.flatMap(filesIn)
    .filter((path) => /\/test\/|\.test\.tsx?$|^e2e\//.test(path))
    .flatMap((path) => callsIn(readFileSync(ROOT + path, 'utf8')).map((call) => ({ path, ...call })));
  return Object.entries(contract.paths).flatMap(([template, methods]) =>
    Object.keys(methods).map((method) => {
      const operation = `${method.toUpperCase()} ${template}`;
      const pattern = patternOf(template);
      const isAlone = Object.keys(methods).length === 1;
      const callers = calls.filter(
        (call) => (call.method === method.toUpperCase() || (call.method === ANY && isAlone)) && pattern.test(call.address),
      );
      return {
        operation,
        handler: handlers.find(({ text }) => text.includes(`'${operation}':`))?.path,
        tests: [...new Set(callers.map(({ path }) => path))],
      };
    }),
  );
}

const METHODS = 'GET|POST|PUT|PATCH|DELETE';
/** `'POST', '/flows/'`, and with the template as one text: `'POST /flows/'`. What is filled in reads as one name. */
const CALL = new RegExp(`['"\`](${METHODS})['"\`],\\s*['"\`](/[^'"\`\\n]*)['"\`]|['"\`](${METHODS}) (/[^'"\`\\n]*)['"\`]`, 'g');

/** A path whose method stands elsewhere, in a list or a function of the test: it tells where a path has only one. */
const PATH = /['"`](\/[^'"`\n]*)['"`]/g;
const ANY = '';
/** A function of a test that puts the same beginning before each path: `/v2/concurrency_limits/${path}`. */
const BASE = /`(\/[^`\n]*\/)\$\{path\}`/g;
const RELATIVE = new RegExp(`['"\`](${METHODS})['"\`],\\s*['"\`]((?!/)[^'"\`\\n]*)['"\`]`, 'g');

function callsIn(text: string): { method: string; address: string }[] {
  const address = (written: string) => written.replaceAll(/\$\{[^}]*\}/g, 'x').split('?')[0] ?? '';
  const named = [...text.matchAll(CALL)].map(([, method, path, other, template]) => ({
    method: method ?? other ?? ANY,
    address: address(path ?? template ?? ''),
  }));
  const bases = [...text.matchAll(BASE)].map(([, base = '']) => base);
  const relative = [...text.matchAll(RELATIVE)].flatMap(([, method = ANY, path = '']) =>
    bases.map((base) => ({ method, address: base + address(path) })),
  );
  return [...named, ...relative, ...[...text.matchAll(PATH)].map(([, path = '']) => ({ method: ANY, address: address(path) }))];
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(ROOT + folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const table = apiCoverage();
  for (const { operation, handler, tests } of table)
    console.log(
      `${operation.padEnd(75)} ${(handler ?? 'NO HANDLER').replace(`${HANDLERS}/`, '').padEnd(28)} ${tests.join(' ') || 'NO TEST'}`,
    );
  const [handled, tested] = [table.filter(({ handler }) => handler), table.filter(({ tests }) => tests.length > 0)];
  console.log(`${table.length} operations, ${handled.length} with a handler, ${tested.length} with a test`);
}
