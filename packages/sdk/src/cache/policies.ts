import { hashOf } from './hash.ts';

/** What a cache key is computed from. */
export interface KeyContext {
  readonly taskName: string;
  readonly taskVersion: string | undefined;
  /** Text of the task's body, as the running program has it. */
  readonly taskSource: string;
  readonly flowRunId: string | null;
  readonly taskRunId: string;
  /** Parameters of the surrounding flow; undefined outside one. */
  readonly flowParameters: unknown;
}

/** Computes the key under which a result is found again; null: do not cache. */
export type KeyFunction<I = unknown> = (context: KeyContext, input: I) => string | null | Promise<string | null>;

type Part =
  | { readonly kind: 'inputs'; readonly without: readonly string[] }
  | { readonly kind: 'key'; readonly key: KeyFunction };

/** When two task runs count as the same, so that the second takes the result of the first. */
export class CachePolicy {
  /** Equal inputs. */
  static readonly inputs = new CachePolicy([{ kind: 'inputs', without: [] }]);
  /** The task's name and `version`. */
  static readonly version = CachePolicy.key((context) => hashOf(context.taskName, context.taskVersion ?? ''));
  /** The text of the task's body. A bundler or compiler changes it too: prefer `version`. */
  static readonly source = CachePolicy.key((context) => hashOf(context.taskSource));
  /** The same flow run; outside a flow, the same task run. */
  static readonly runId = CachePolicy.key((context) => context.flowRunId ?? context.taskRunId);
  /** Equal parameters of the flow. */
  static readonly flowParameters = CachePolicy.key((context) => hashIfAny(context.flowParameters));
  /** Never. */
  static readonly none = new CachePolicy([]);
  /** What persisted tasks have that say nothing else: one execution for equal inputs in a flow run. */
  static readonly default = CachePolicy.version.and(CachePolicy.runId).and(CachePolicy.inputs);

  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** A policy of one's own. */
  static key(key: KeyFunction): CachePolicy {
    return new CachePolicy([{ kind: 'key', key }]);
  }

  /** Both this and the other have to agree. */
  and(other: CachePolicy): CachePolicy {
    return new CachePolicy([...this.#parts, ...other.#parts]);
  }

  /** Leaves some inputs out of the comparison. */
  without(...names: string[]): CachePolicy {
    return new CachePolicy(
      this.#parts.map((part) => (part.kind === 'inputs' ? { ...part, without: [...part.without, ...names] } : part)),
    );
  }

  get caches(): boolean {
    return this.#parts.length > 0;
  }

  /** The key for a call, null when it is not to be cached. */
  async keyFor(context: KeyContext, input: unknown): Promise<string | null> {
    const keys: (string | null)[] = [];
    for (const part of this.#parts) if (part.kind === 'key') keys.push(await part.key(context, input));
    const inputs = this.#parts.filter((part) => part.kind === 'inputs');
    // All that is said about inputs is one part, and comes last.
    if (inputs.length > 0) keys.push(inputsKey(input, new Set(inputs.flatMap((part) => part.without))));
    const present = keys.filter((key) => key !== null);
    if (present.length === 0) return null;
    return this.#parts.length === 1 ? (present[0] ?? null) : hashOf(...present);
  }
}

/** The policies that need no more than a name. */
export type CachePolicyName = 'inputs' | 'version' | 'source' | 'runId' | 'flowParameters' | 'none' | 'default';

/** The policy behind a name. */
export function policyNamed(policy: CachePolicy | CachePolicyName): CachePolicy {
  return typeof policy === 'string' ? CachePolicy[policy] : policy;
}

function inputsKey(input: unknown, without: ReadonlySet<string>): string | null {
  if (input === undefined) return null;
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return hashOf({ input });
  const entries = Object.entries(input);
  return entries.length === 0 ? null : hashOf(Object.fromEntries(entries.filter(([name]) => !without.has(name))));
}

function hashIfAny(parameters: unknown): string | null {
  const none =
    parameters === undefined || (typeof parameters === 'object' && parameters !== null && Object.keys(parameters).length === 0);
  return none ? null : hashOf(parameters);
}
