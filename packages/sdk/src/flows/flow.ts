import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { BodyContext } from '../context/body-context.ts';
import { type FlowDeployments, flowDeployments } from '../deployments/flow-deployments.ts';
import { runFlow } from '../engine/run-flow.ts';
import { type ParameterSchema, parameterSchemaOf } from '../schema/parameter-schema.ts';
import type { State } from '../states/state.ts';
import type { AnyBody } from '../tasks/definition.ts';
import type { InputArguments, Returned } from '../tasks/resolvable.ts';
import { callerFile, defineFlow, type FlowDefinition } from './definition.ts';
import type { FlowHook, FlowHookName } from './hooks.ts';
import type { FlowOptions } from './options.ts';

const BRAND = Symbol.for('prefect-ts.flow');
const DEFINITION = Symbol.for('prefect-ts.flow.definition');

/** What a call of a flow may say beside its parameters. */
export interface FlowCallOptions {
  /** Runs that have to complete before this one starts. */
  readonly waitFor?: Iterable<unknown> | undefined;
  /** Stops the run when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A function whose every call is a flow run; called inside another flow it is a subflow. */
export interface Flow<I, O> extends FlowDeployments<I> {
  /** Runs now and gives the value; rejects with what the body threw. */
  (...parameters: InputArguments<I, [options?: FlowCallOptions]>): Promise<O>;
  readonly [BRAND]: true;
  readonly [DEFINITION]: FlowDefinition;
  readonly name: string;
  readonly description: string | undefined;
  readonly version: string | undefined;
  /** Path of the file that defines the flow. */
  readonly file: string | undefined;
  /** The bare function, without a run around it. */
  readonly body: AnyBody;
  /** Runs now and gives the state; does not reject when the run fails. */
  state(...parameters: InputArguments<I, [options?: FlowCallOptions]>): Promise<State<O>>;
  /** What a deployment tells of the parameters; undefined when the library of `params` cannot write JSON Schema. */
  parameterSchema(): ParameterSchema | undefined;
  /** The same flow with other options; undefined keeps one, null clears it. */
  with(options: Partial<FlowOptions>): Flow<I, O>;
  /** Adds a hook; gives the flow itself. */
  on(name: FlowHookName, hook: FlowHook<I, O>): this;
}

type Body<I, R> = (input: I, context: BodyContext) => R;

/**
 * Defines a flow. The body is the last argument, so that its types are known from what comes before.
 *
 * @example
 * const etl = flow({ name: 'etl', params: z.object({ day: z.string() }) }, async ({ day }) => load(await extract({ day })));
 */
export function flow<S extends StandardSchemaV1, R>(
  options: FlowOptions & { readonly params: S },
  body: Body<StandardSchemaV1.InferOutput<S>, R>,
): Flow<StandardSchemaV1.InferInput<S>, Returned<Awaited<R>>>;
export function flow<I, R>(options: string | FlowOptions, body: Body<I, R>): Flow<I, Returned<Awaited<R>>>;
export function flow(options: string | FlowOptions, body: AnyBody): Flow<unknown, unknown> {
  return buildFlow(typeof options === 'string' ? { name: options } : options, body, callerFile());
}

/** Tells a flow from any other value, also one made by another copy of this package. */
export function isFlow(value: unknown): value is Flow<unknown, unknown> {
  return typeof value === 'function' && BRAND in value;
}

/** The definition of a flow, for engines. */
export function flowDefinitionOf(value: { readonly [DEFINITION]: FlowDefinition }): FlowDefinition {
  return value[DEFINITION];
}

function buildFlow(options: FlowOptions, body: AnyBody, file: string | undefined): Flow<unknown, unknown> {
  const definition = defineFlow(options, body, file);
  const call = async (input?: unknown, extra?: FlowCallOptions): Promise<unknown> => {
    const state = await runFlow(definition, input, extra);
    return state.result();
  };
  const members = {
    ...flowDeployments<unknown>(() => made),
    [BRAND]: true as const,
    [DEFINITION]: definition,
    description: definition.description,
    file,
    body,
    state: (input?: unknown, extra?: FlowCallOptions) => runFlow(definition, input, extra),
    // Without a schema nothing is known of what a body takes, unless it takes nothing.
    parameterSchema: () =>
      definition.schema || definition.jsonSchema || body.length === 0
        ? parameterSchemaOf(definition.schema, definition.jsonSchema)
        : undefined,
    with: (changes: Partial<FlowOptions>) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      return buildFlow({ ...options, ...Object.fromEntries(given), name: changes.name ?? options.name }, body, file);
    },
    on: (name: FlowHookName, hook: FlowHook) => {
      definition.hooks[name].push(hook);
      return made;
    },
  };
  const made = Object.assign(call, members) as unknown as Flow<unknown, unknown>;
  Object.defineProperty(made, 'name', { value: definition.name });
  Object.defineProperty(made, 'version', { get: () => definition.version, enumerable: true });
  return made;
}
