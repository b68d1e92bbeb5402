import type { FlowRunPolicy, Micros, State, StateType, TaskRunPolicy } from '@prefect-ts/protocol';
import type { SlotLedger } from './slot-ledger.ts';

/** A type of state, or none: a run that has no state yet, or a transition that was refused. */
export type MaybeType = StateType | null;

/** What a rule decides about the proposed state; a rule that decides nothing lets it through. */
export type Verdict =
  | { readonly kind: 'reject'; readonly state: State | null; readonly reason: string }
  | { readonly kind: 'wait'; readonly seconds: number; readonly reason: string }
  | { readonly kind: 'abort'; readonly reason: string }
  | { readonly kind: 'rename'; readonly name: string };

export function reject(state: State | null, reason: string): Verdict {
  return { kind: 'reject', state, reason };
}

export function wait(seconds: number, reason: string): Verdict {
  return { kind: 'wait', seconds, reason };
}

export function abort(reason: string): Verdict {
  return { kind: 'abort', reason };
}

export function rename(name: string): Verdict {
  return { kind: 'rename', name };
}

/** The members of a run that a transition reads and changes; the rest of the run is not its business. */
export interface RunDraft {
  readonly id: string;
  readonly tags: readonly string[];
  state_type: MaybeType;
  state_name: string | null;
  state_timestamp: Micros | null;
  run_count: number;
  start_time: Micros | null;
  end_time: Micros | null;
  total_run_time: Micros;
  expected_start_time: Micros | null;
  next_scheduled_start_time: Micros | null;
}

export interface FlowRunDraft extends RunDraft {
  readonly deployment_id: string | null;
  readonly parent_task_run_id: string | null;
  readonly infrastructure_pid: string | null;
  empirical_policy: FlowRunPolicy;
}

export interface TaskRunDraft extends RunDraft {
  readonly flow_run_id: string | null;
  flow_run_run_count: number;
  empirical_policy: TaskRunPolicy;
}

/** What the rules for flow runs need to know besides the run; it is read before they run. */
export interface FlowRunFacts {
  /** The run's deployment; null when the run has none or it is gone. */
  readonly deployment: {
    readonly limitId: string | null;
    readonly collisionStrategy: 'ENQUEUE' | 'CANCEL_NEW';
    /** Seconds. */
    readonly gracePeriod: number;
  } | null;
  readonly slots: SlotLedger;
  /** Seconds that a run waits before it asks for a deployment's slot again. */
  readonly slotWait: number;
}

/** What the rules for task runs need to know besides the run. */
export interface TaskRunFacts {
  /** The flow run around the task run; null when there is none. */
  readonly flowRun: { readonly id: string; readonly run_count: number; readonly state: State | null } | null;
  /** The newest state that is cached under the proposed cache key. */
  readonly cachedState: State | null;
  readonly slots: SlotLedger;
  /** Seconds that a task run waits for a slot of a tag. */
  readonly tagSlotWait: number;
  readonly maxCacheKeyLength: number;
}

/** One proposed change of state on its way through a policy. */
export interface Transition<Run extends RunDraft, Facts> {
  readonly run: Run;
  readonly facts: Facts;
  readonly initial: State | null;
  /** What will be stored, unless a rule takes it away. */
  proposed: State | null;
  status: 'ACCEPT' | 'REJECT' | 'ABORT' | 'WAIT';
  readonly now: Micros;
  readonly client: ClientVersions;
}

/** What a request says about who sent it. */
export interface ClientVersions {
  /** `X-PREFECT-API-VERSION`; null means the newest. */
  readonly api: readonly [number, number, number] | null;
  /** The version of the Python package in the user agent. */
  readonly package: readonly [number, number, number] | null;
}

/**
 * A rule of orchestration: data, and pure functions on a transition.
 *
 * `from` and `to` say which transitions it looks at. `before` may decide; `after` runs when the proposal that the rule saw was stored,
 * `cleanup` when a later rule took it away. Contract: orchestration 2.
 */
export interface Rule<Run extends RunDraft, Facts> {
  readonly name: string;
  readonly from: ReadonlySet<MaybeType>;
  readonly to: ReadonlySet<MaybeType>;
  before?(transition: Transition<Run, Facts>, proposed: State): Verdict | undefined;
  after?(transition: Transition<Run, Facts>): void;
  cleanup?(transition: Transition<Run, Facts>): void;
}

/** A change that goes with every transition, whatever its types; it never decides. */
export interface Transform<Run extends RunDraft, Facts> {
  readonly name: string;
  /** Not called when there is no proposal left. */
  before?(transition: Transition<Run, Facts>, proposed: State): void;
  after?(transition: Transition<Run, Facts>, stored: State): void;
}

export type Step<Run extends RunDraft, Facts> =
  | ({ readonly kind: 'rule' } & Rule<Run, Facts>)
  | ({ readonly kind: 'transform' } & Transform<Run, Facts>);

/** The ordered steps that a transition passes. */
export type Policy<Run extends RunDraft, Facts> = readonly Step<Run, Facts>[];

export type FlowRule = Rule<FlowRunDraft, FlowRunFacts>;
export type TaskRule = Rule<TaskRunDraft, TaskRunFacts>;
export type FlowTransition = Transition<FlowRunDraft, FlowRunFacts>;
export type TaskTransition = Transition<TaskRunDraft, TaskRunFacts>;
