import { isState } from '../states/state.ts';
import { type Annotation, annotationKind } from './annotations.ts';
import { isFuture } from './future.ts';
import { childrenOf, isContainer } from './resolve.ts';

/** A run that an input came from, as the API writes it. */
export interface RunInput {
  readonly input_type: 'task_run' | 'flow_run';
  readonly id: string;
}

export type RunInputs = Record<string, RunInput[]>;

/** Remembers which run a value came from. Only objects have an identity to know them by. */
export class ResultTable {
  readonly #runs = new WeakMap<object, RunInput>();

  /** Notes what a run returned: the value and what lies directly inside. */
  add(value: unknown, run: RunInput): void {
    if (!isObject(value)) return;
    this.#runs.set(value, run);
    if (!isContainer(value)) return;
    for (const child of childrenOf(value)) if (isObject(child)) this.#runs.set(child, run);
  }

  get(value: object): RunInput | undefined {
    return this.#runs.get(value);
  }
}

/** For each parameter the runs that its value came from (contract, SDK 9). Every parameter has an entry. */
export function trackInputs(input: unknown, table: ResultTable | undefined): RunInputs {
  if (input === undefined) return {};
  if (!isObject(input) || isFuture(input) || isState(input) || annotationKind(input) || Array.isArray(input)) {
    return { input: runsBehind(input, table) };
  }
  const inputs: RunInputs = {};
  const whole = table?.get(input);
  for (const [name, value] of Object.entries(input)) {
    inputs[name] = isObject(value) ? runsBehind(value, table) : [];
    if (whole && inputs[name].length === 0) inputs[name].push(whole);
  }
  return inputs;
}

/** The runs that a value, or anything in it, came from. */
export function runsBehind(value: unknown, table: ResultTable | undefined): RunInput[] {
  const found = new Map<string, RunInput>();
  collect(value, table, found, new Set());
  return [...found.values()];
}

function collect(value: unknown, table: ResultTable | undefined, found: Map<string, RunInput>, seen: Set<object>): void {
  if (!isObject(value) || seen.has(value)) return;
  seen.add(value);
  const run = runBehind(value) ?? table?.get(value);
  if (run) found.set(run.id, run);
  const kind = annotationKind(value);
  if (kind) {
    if (kind !== 'quote') collect((value as Annotation<unknown>).value, table, found, seen);
    return;
  }
  if (run || isFuture(value) || isState(value) || !isContainer(value)) return;
  for (const child of childrenOf(value)) collect(child, table, found, seen);
}

function runBehind(value: object): RunInput | undefined {
  if (isFuture(value)) return { input_type: 'task_run', id: value.id };
  if (!isState(value)) return undefined;
  const { task_run_id: taskRun, flow_run_id: flowRun } = value.details;
  if (taskRun) return { input_type: 'task_run', id: taskRun };
  return flowRun ? { input_type: 'flow_run', id: flowRun } : undefined;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
