import type { State } from '../states/state.ts';

/** A flow run as hooks and bodies see it. */
export interface FlowRunView {
  readonly id: string;
  readonly name: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly deploymentId: string | null;
  readonly tags: readonly string[];
  /** Executions of the body so far. */
  readonly runCount: number;
  readonly parameters: unknown;
}

/** What a hook of a flow is told. */
export interface FlowHookPayload<I = unknown, O = unknown> {
  readonly flowRun: FlowRunView;
  readonly state: State<O>;
  readonly parameters: I;
  /** What the body threw, when it failed. */
  readonly error: unknown;
}

export type FlowHook<I = unknown, O = unknown> = (payload: FlowHookPayload<I, O>) => unknown;

/** Moments at which hooks of a flow run. */
export type FlowHookName = 'running' | 'completion' | 'failure' | 'cancellation' | 'crashed';

export type FlowHooks = { readonly [N in FlowHookName]?: FlowHook | readonly FlowHook[] | undefined };
