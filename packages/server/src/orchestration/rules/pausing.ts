import { isTerminal, parseTimestamp, uuid4 } from '@prefect-ts/protocol';
import { makeState } from '../state.ts';
import { ALL, only } from '../state-sets.ts';
import { abort, type FlowRule, type FlowTransition, reject } from '../transition.ts';

const pauseKeys = new WeakMap<FlowTransition, string>();

/** A run pauses once for each key, and only while it runs. */
export const handlePausingFlows: FlowRule = {
  name: 'HandlePausingFlows',
  from: ALL,
  to: only('PAUSED'),
  before(transition, proposed) {
    const { run, initial } = transition;
    const verb = proposed.name === 'Suspended' ? 'suspend' : 'pause';
    if (!initial) return abort(`Cannot ${verb} flows with no state.`);
    if (initial.type !== 'RUNNING') return reject(null, `Cannot ${verb} flows that are not currently running.`);
    const key = proposed.state_details.pause_key ?? uuid4();
    if (run.empirical_policy.pause_keys?.includes(key)) return reject(null, `This ${verb} has already fired.`);
    pauseKeys.set(transition, key);
    if (proposed.state_details.pause_reschedule) {
      if (run.parent_task_run_id) return abort(`Cannot ${verb} subflows.`);
      if (!run.deployment_id) return abort(`Cannot ${verb} flows without a deployment.`);
    }
    return undefined;
  },
  after(transition) {
    const { run } = transition;
    const key = pauseKeys.get(transition);
    if (key !== undefined)
      run.empirical_policy = { ...run.empirical_policy, pause_keys: [...(run.empirical_policy.pause_keys ?? []), key] };
  },
};

/** A paused run goes on in time, or fails. */
export const handleResumingPausedFlows: FlowRule = {
  name: 'HandleResumingPausedFlows',
  from: only('PAUSED'),
  to: ALL,
  before({ run, initial, now }, proposed) {
    const allowed = ['RUNNING', 'SCHEDULED', 'CANCELLING'].includes(proposed.type) || isTerminal(proposed.type);
    if (!allowed)
      return reject(
        null,
        `This run cannot transition to the StateType.${proposed.type} state from the StateType.${initial?.type} state.`,
      );
    const display = proposed.name?.toLowerCase();
    if (initial?.state_details.pause_reschedule && !run.deployment_id)
      return reject(null, `Cannot reschedule a ${display} flow run without a deployment.`);
    if (proposed.type === 'CANCELLING') return undefined;
    const deadline = initial?.state_details.pause_timeout;
    if (deadline && (parseTimestamp(deadline) ?? now) < now) {
      const verb = proposed.name === 'Suspended' ? 'suspend' : 'pause';
      return reject(
        makeState({ type: 'FAILED', message: `The flow was ${display} and never resumed.` }, now),
        `The flow run ${verb} has timed out and can no longer resume.`,
      );
    }
    return undefined;
  },
  after({ run }) {
    run.empirical_policy = { ...run.empirical_policy, resuming: true };
  },
};
