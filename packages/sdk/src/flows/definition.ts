import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { toSeconds } from '../durations.ts';
import { InvalidNameError } from '../errors.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { FlowHook, FlowHookName } from './hooks.ts';
import type { FlowOptions, TaskRunner } from './options.ts';

/** A flow with its options checked and put into one form, as the engine reads it. */
export interface FlowDefinition {
  readonly name: string;
  readonly description: string | undefined;
  readonly schema: StandardSchemaV1 | undefined;
  readonly jsonSchema: JsonSchema | undefined;
  readonly runName: string | ((input: unknown) => string) | undefined;
  readonly retries: number | undefined;
  /** Seconds. */
  readonly retryDelay: number | undefined;
  /** Seconds. */
  readonly timeout: number | undefined;
  readonly validate: boolean;
  readonly runner: TaskRunner | undefined;
  readonly persist: boolean | undefined;
  readonly storage: string | undefined;
  readonly logConsole: boolean | undefined;
  readonly tags: readonly string[];
  readonly strictFutures: boolean;
  readonly hooks: Readonly<Record<FlowHookName, FlowHook[]>>;
  readonly body: (parameters: unknown, context: unknown) => unknown;
  /** Path of the file that defines the flow; undefined where it cannot be told. */
  readonly file: string | undefined;
  /** The version: as given, else a hash of the file. */
  readonly version: string | undefined;
}

/** Checks the options of a flow. */
export function defineFlow(
  options: FlowOptions,
  body: (input: never, context: never) => unknown,
  file: string | undefined,
): FlowDefinition {
  if (typeof options.name !== 'string' || options.name === '') {
    throw new InvalidNameError('A flow needs a name.', { hint: "Write flow('etl', …) or flow({ name: 'etl', … }, …)." });
  }
  const forbidden = /[/%&<>]/.exec(options.name);
  if (forbidden)
    throw new InvalidNameError(`The flow name "${options.name}" contains "${forbidden[0]}"; none of / % & < > may be in it.`);
  let version = options.version ?? undefined;
  return {
    name: options.name,
    description: options.description ?? undefined,
    schema: options.params ?? undefined,
    jsonSchema: options.jsonSchema ?? undefined,
    runName: (options.runName ?? undefined) as FlowDefinition['runName'],
    retries: options.retries,
    retryDelay: options.retryDelay === undefined ? undefined : toSeconds(options.retryDelay),
    timeout: options.timeout ? toSeconds(options.timeout) || undefined : undefined,
    validate: options.validate ?? true,
    runner: options.runner ?? undefined,
    persist: options.persist ?? (options.storage ? true : undefined),
    storage: options.storage ?? undefined,
    logConsole: options.logConsole ?? undefined,
    tags: options.tags ?? [],
    strictFutures: options.strictFutures ?? false,
    hooks: {
      running: listOf(options.on?.running),
      completion: listOf(options.on?.completion),
      failure: listOf(options.on?.failure),
      cancellation: listOf(options.on?.cancellation),
      crashed: listOf(options.on?.crashed),
    },
    body: body as FlowDefinition['body'],
    file,
    get version() {
      version ??= file === undefined ? undefined : hashOfFile(file);
      return version;
    },
  };
}

/** The file of whoever called the function that asks, from the stack: the first frame that is not of this package. */
export function callerFile(): string | undefined {
  const own = new URL('.', import.meta.url).href;
  for (const line of new Error().stack?.split('\n').slice(1) ?? []) {
    const place = /(?:\(|at (?:async )?)((?:file:\/\/|\/|[A-Za-z]:\\)[^()]*?):\d+:\d+\)?$/.exec(line)?.[1];
    if (!place) continue;
    const path = place.startsWith('file://') ? place : new URL(`file://${place}`).href;
    if (!path.startsWith(own)) return fileURLToPath(path.replace(/\?.*$/, ''));
  }
  return undefined;
}

function hashOfFile(file: string): string | undefined {
  try {
    return createHash('md5').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}

function listOf<T>(hooks: T | readonly T[] | undefined): T[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? [...(hooks as readonly T[])] : [hooks as T];
}
