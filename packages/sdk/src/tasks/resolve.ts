import { UpstreamTaskError } from '../errors.ts';
import { errorOfState } from '../states/result.ts';
import { isState, type State } from '../states/state.ts';
import { type Annotation, annotationKind } from './annotations.ts';
import { isFuture } from './future.ts';

/** Whether there is anything in a value that {@link resolveInput} would replace. */
export function needsResolving(value: unknown, seen?: Set<object>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isFuture(value) || isState(value) || annotationKind(value)) return true;
  if (!isContainer(value)) return false;
  const known = seen ?? new Set<object>();
  if (known.has(value)) return false;
  known.add(value);
  for (const each of childrenOf(value)) {
    if (typeof each === 'object' && each !== null && needsResolving(each, known)) return true;
  }
  return false;
}

/**
 * Replaces every future and state inside a value by what it gives; containers are copied only where something changed.
 *
 * @throws UpstreamTaskError when a run did not complete
 */
export async function resolveInput(value: unknown): Promise<unknown> {
  return needsResolving(value) ? replace(value, new Map(), valueOfRun) : value;
}

/** Like {@link resolveInput} for what a body returned: a run that did not complete leaves its error in the place of its value. */
export async function resolveReturned(value: unknown): Promise<unknown> {
  return needsResolving(value) ? replace(value, new Map(), valueOrErrorOfRun) : value;
}

/** Waits for runs that only have to come before. */
export async function waitForUpstreams(upstreams: Iterable<unknown>): Promise<void> {
  for (const upstream of upstreams) await resolveInput(upstream);
}

type Unwrap = (state: State) => Promise<unknown>;

async function replace(value: unknown, done: Map<object, unknown>, unwrap: Unwrap): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (done.has(value)) return done.get(value);
  const kind = annotationKind(value);
  if (kind) return replaceAnnotated(kind, (value as Annotation<unknown>).value, done, unwrap);
  if (isFuture(value)) return unwrap(await value.watch());
  if (isState(value)) return unwrap(value);
  if (!isContainer(value) || !needsResolving(value)) return value;
  return replaceInside(value, done, unwrap);
}

async function replaceAnnotated(kind: string, value: unknown, done: Map<object, unknown>, unwrap: Unwrap): Promise<unknown> {
  if (kind === 'quote') return value;
  if (kind === 'opaque') return isFuture(value) || isState(value) ? replace(value, done, unwrap) : value;
  const state = isFuture(value) ? await value.watch() : isState(value) ? value : undefined;
  if (!state) return replace(value, done, unwrap);
  if (state.type === 'FAILED') return errorOfState(state);
  return state.isFinal() ? unwrap(state) : null;
}

async function replaceInside(value: object, done: Map<object, unknown>, unwrap: Unwrap): Promise<unknown> {
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    done.set(value, copy);
    for (const each of value) copy.push(await replace(each, done, unwrap));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    done.set(value, copy);
    for (const each of value) copy.add(await replace(each, done, unwrap));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    done.set(value, copy);
    for (const [key, each] of value) copy.set(await replace(key, done, unwrap), await replace(each, done, unwrap));
    return copy;
  }
  const copy: Record<string, unknown> = {};
  done.set(value, copy);
  for (const [key, each] of Object.entries(value)) copy[key] = await replace(each, done, unwrap);
  return copy;
}

async function valueOfRun(state: State): Promise<unknown> {
  if (state.isCompleted()) return state.result();
  const id = state.details.task_run_id ?? state.details.flow_run_id ?? 'unknown';
  throw new UpstreamTaskError(`Upstream task run '${id}' did not reach a 'COMPLETED' state.`);
}

function valueOrErrorOfRun(state: State): Promise<unknown> {
  return state.isCompleted() ? state.result() : errorOfState(state);
}

/** Arrays, sets, maps and plain objects: what is walked. Instances of classes are handed on as they are. */
export function isContainer(value: object): boolean {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What lies directly inside a container. */
export function childrenOf(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? value : Object.values(value);
}
