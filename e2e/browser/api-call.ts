import type { OperationName, Operations } from '@prefect-ts/protocol';
import type { ServerProcess } from '../server-process.ts';

/** Calls an operation of the API, with `{name}` in its path filled in; throws for every answer but 2xx. */
export async function call<K extends OperationName>(
  server: ServerProcess,
  operation: K,
  body?: Operations[K]['body'],
  path: Readonly<Record<string, string>> = {},
): Promise<Operations[K]['answer']> {
  const [method = '', template = ''] = operation.split(' ');
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const answer = await server.request<Operations[K]['answer']>(method, address, body);
  if (answer.status >= 300) throw new Error(`${operation} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
