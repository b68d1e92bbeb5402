import type { ApiClient } from './client.ts';
import { RESOURCE_METHODS, type ResourceMethods } from './generated/resources.ts';

type LooseCall = (operation: string, options: Record<string, unknown>) => Promise<unknown>;

/** Gives a client its methods by resource: `client.flowRuns.read(id)` for `client.call('GET /flow_runs/{id}', …)`. */
export function resourcesOf(client: ApiClient): ResourceMethods {
  const call = client.call as unknown as LooseCall;
  const resources = Object.entries(RESOURCE_METHODS).map(([resource, methods]) => [
    resource,
    Object.fromEntries(
      Object.entries(methods).map(([name, [operation, follows]]) => [name, methodFor(call, operation, follows)]),
    ),
  ]);
  return Object.fromEntries(resources) as unknown as ResourceMethods;
}

function methodFor(call: LooseCall, operation: string, follows: string) {
  const names = [...operation.matchAll(/\{(\w+)(?::\w+)?\}/g)].map(([, name = '']) => name);
  return (...values: unknown[]) => {
    const path = Object.fromEntries(names.map((name, index) => [name, values[index]]));
    const rest = values.slice(names.length);
    const body = follows.includes('b') ? { body: rest.shift() } : {};
    const query = follows.includes('q') ? { query: rest.shift() } : {};
    return call(operation, { ...(rest[0] as object | undefined), path, ...body, ...query });
  };
}
