import { argument, command, flag, many, text } from '../command.ts';
import { CommandError, SilentFailure, UsageError } from '../errors.ts';
import { readTextFile } from '../files.ts';
import { type HttpAnswer, sendRequest } from '../http.ts';
import type { Output } from '../terminal/output.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export const api = command({
  summary: 'Call any endpoint of the API and print its answer',
  arguments: {
    method: argument('GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS', method),
    path: argument('For example /flows/filter'),
  },
  options: {
    data: text('--data <json>', 'Body of the request: JSON, @file, or - for stdin'),
    header: many('-H, --header <line>', "Header to add, as 'Name: value'; may repeat"),
    verbose: flag('-v, --verbose', 'Show the headers, too'),
    root: flag('--root', 'The path is that of the server, not of the API'),
    account: flag('--account', 'Accepted for scripts; there are no accounts'),
  },
  async run({ args, options, session }) {
    const settings = await session.settings();
    const { apiUrl } = await session.client();
    const base = options.root ? new URL(apiUrl).origin : apiUrl;
    const body = await readBody(args.method, options.data);
    const answer = await sendRequest(settings, {
      method: args.method,
      url: `${base}/${args.path.replace(/^\/+/, '')}`,
      csrfUrl: `${apiUrl}/csrf-token`,
      headers: Object.fromEntries(options.header.map(readHeader)),
      body,
    });
    if (options.verbose) tellHead(session.out, answer);
    tellBody(session.out, answer);
    if (answer.status >= 400) {
      if (answer.body === '') throw new CommandError(`The server answered ${answer.status} ${answer.statusText}.`);
      throw new SilentFailure();
    }
  },
});

function method(text: string): string {
  const word = text.toUpperCase();
  if (METHODS.includes(word)) return word;
  throw new UsageError(`'${text}' is not one of ${METHODS.join(', ')}.`);
}

/** A POST without data sends `{}`: filters need a body, and nothing minds an empty one. */
async function readBody(method: string, data: string | undefined): Promise<string | undefined> {
  if (data === undefined) return ['POST', 'PUT', 'PATCH'].includes(method) ? '{}' : undefined;
  let text = data;
  if (data === '-') {
    text = '';
    for await (const chunk of process.stdin) text += chunk;
  } else if (data.startsWith('@')) text = await readTextFile(data.slice(1));
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    throw new UsageError(`--data is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readHeader(line: string): [string, string] {
  const at = line.indexOf(':');
  if (at < 1) throw new UsageError(`--header '${line}' is not of the form 'Name: value'.`);
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

function tellHead(out: Output, { method, url, status, statusText, headers }: HttpAnswer): void {
  out.line(out.colors.dim(`> ${method} ${url}`));
  out.line(out.colors.dim(`< ${status} ${statusText}`));
  for (const [name, value] of headers) out.line(out.colors.dim(`< ${name}: ${value}`));
  out.line();
}

function tellBody(out: Output, { body }: HttpAnswer): void {
  if (body === '') return;
  try {
    out.json(JSON.parse(body));
  } catch {
    out.line(body);
  }
}
