import type { Context } from '../context/context.ts';
import { currentContext } from '../context/context.ts';
import type { FlowDefinition } from '../flows/definition.ts';
import { currentSession, type Session } from '../session/session.ts';
import { State, stateFromAnswer } from '../states/state.ts';
import { runsBehind, trackInputs } from '../tasks/track.ts';
import { watchForCancellation } from './cancellation-watch.ts';
import { createFlowRun } from './create-flow-run.ts';
import { driveFlowRun } from './flow-engine.ts';
import { FlowRunScope } from './flow-scope.ts';
import { guarded } from './process-guard.ts';
import { openPlaceholder } from './subflow.ts';

export interface FlowCall {
  readonly waitFor?: Iterable<unknown> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a flow to its end: as a subflow inside a flow run, else as a run of its own. Gives the state it ended in. */
export async function runFlow(flow: FlowDefinition, input: unknown, call: FlowCall = {}): Promise<State> {
  const outer = currentContext();
  const session = outer.session ?? currentSession();
  const upstreams = [...(call.waitFor ?? [])];
  if (outer.flow) return runSubflow(session, flow, input, upstreams, call.signal, outer, outer.flow);
  return guarded(async () => {
    const run = await createFlowRun(session, flow, input, outer, null);
    const scope = new FlowRunScope({ flow, run, parameters: input, session, parent: undefined, parentNode: session.node });
    const stopWatching = watchForCancellation(scope);
    try {
      return await driveFlowRun(scope, outer, upstreams, call.signal);
    } finally {
      stopWatching();
      await session.flush();
    }
  });
}

async function runSubflow(
  session: Session,
  flow: FlowDefinition,
  input: unknown,
  upstreams: unknown[],
  signal: AbortSignal | undefined,
  outer: Context,
  parent: FlowRunScope,
): Promise<State> {
  parent.step();
  const taskInputs = trackInputs(input, parent.results);
  if (upstreams.length > 0) taskInputs.wait_for = runsBehind(upstreams, parent.results);
  const { taskRun, earlier } = await openPlaceholder(session, flow, parent, outer, taskInputs);
  if (earlier?.state && taskRun.state && new State({ type: taskRun.state.type }).isFinal()) return stateFromAnswer(earlier.state);
  const run = earlier ?? (await createFlowRun(session, flow, input, outer, taskRun.id));
  const parentNode = outer.task?.node ?? parent.node;
  const scope = new FlowRunScope({ flow, run, parameters: input, session, parent, parentNode });
  const state = await driveFlowRun(scope, outer, upstreams, signal);
  if (state.outcome?.kind === 'value') parent.results.add(state.outcome.value, { input_type: 'flow_run', id: run.id });
  return state;
}
