import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Client } from './client/get-client.ts';
import type { SetVariableOptions } from './variables/variables.ts';

// Every run loads the package's root, and few use all of this: what does the work is loaded when it is called.

/**
 * A client with a method for every operation of the API. Inside a run it is the run's own connection.
 *
 * @example
 * await using client = await getClient();
 * const running = await client.flowRuns.filter({ flow_runs: { state: { type: { any_: ['RUNNING'] } } } });
 * @throws ConfigurationError when no API is set
 */
export async function getClient(): Promise<Client> {
  const { openClient } = await import('./client/get-client.ts');
  return openClient();
}

/** Values that the server keeps under a name, for flows to read: any JSON, up to 5000 characters. */
export interface Variables {
  /** The value; `fallback` (null without one) when there is no such variable. */
  get<T = unknown>(name: string, fallback?: T): Promise<T | null>;
  /** The value as the schema makes of it. @throws ParameterTypeError when the value does not fit */
  get<S extends StandardSchemaV1>(name: string, schema: S): Promise<StandardSchemaV1.InferOutput<S> | null>;
  get<S extends StandardSchemaV1, F>(name: string, schema: S, fallback: F): Promise<StandardSchemaV1.InferOutput<S> | F>;
  /** Makes a variable, or replaces it when told to. @throws ConfigurationError when it exists, or is too long */
  set(name: string, value: unknown, options?: SetVariableOptions): Promise<void>;
  /** Removes a variable. @returns whether there was one */
  unset(name: string): Promise<boolean>;
}

/**
 * Reads and sets variables of the server.
 *
 * @example const limits = await Variable.get('limits', z.object({ max: z.number() }), { max: 10 });
 */
export const Variable: Variables = {
  get: async (name: string, ...rest: unknown[]) =>
    (await import('./variables/variables.ts')).getVariable(name, ...rest) as Promise<never>,
  set: async (name, value, options) => (await import('./variables/variables.ts')).setVariable(name, value, options),
  unset: async (name) => (await import('./variables/variables.ts')).unsetVariable(name),
};
