import { isTerminal } from '@prefect-ts/protocol';
import { isOlderApi } from '../client-versions.ts';
import { hasPersistedData } from '../state.ts';
import { ALL, TERMINAL } from '../state-sets.ts';
import { abort, type FlowRule, type FlowRunDraft, type FlowTransition, reject } from '../transition.ts';

const LOSES_DATA = 'Cannot overwrite a COMPLETED state that carries persisted result data with one that does not.';

const policyBefore = new WeakMap<FlowTransition, FlowRunDraft['empirical_policy']>();

/** A run that is over is only changed in ways that make sense. Contract: orchestration 4.2. */
export const handleFlowTerminalStates: FlowRule = {
  name: 'HandleFlowTerminalStateTransitions',
  from: TERMINAL,
  to: ALL,
  before(transition, proposed) {
    const { run, initial, client } = transition;
    if (['CANCELLING', 'PAUSED', 'CRASHED'].includes(proposed.type))
      return abort(`Run is already in terminal state ${initial?.type}.`);
    if (initial?.type === 'COMPLETED' && hasPersistedData(initial)) {
      if (!isTerminal(proposed.type)) return reject(null, 'Run is already COMPLETED.');
      if (proposed.type === 'COMPLETED' && !hasPersistedData(proposed)) return reject(null, LOSES_DATA);
    }
    if (proposed.type === 'SCHEDULED' && run.deployment_id === null)
      return abort('Cannot reschedule a run without an associated deployment.');
    if (isTerminal(proposed.type) || isOlderApi(client, [0, 8, 4])) return undefined;
    policyBefore.set(transition, run.empirical_policy);
    run.empirical_policy = {
      ...run.empirical_policy,
      resuming: false,
      pause_keys: [],
      retry_type: proposed.type === 'SCHEDULED' ? 'reschedule' : null,
    };
    return undefined;
  },
  cleanup(transition) {
    const policy = policyBefore.get(transition);
    if (policy) transition.run.empirical_policy = policy;
  },
};

/** Even a forced transition must not throw a persisted result away. */
export const preventResultDataLoss: FlowRule = {
  name: 'PreventResultDataLoss',
  from: TERMINAL,
  to: TERMINAL,
  before({ initial }, proposed) {
    const loses = initial?.type === 'COMPLETED' && hasPersistedData(initial) && proposed.type === 'COMPLETED';
    return loses && !hasPersistedData(proposed) ? reject(null, LOSES_DATA) : undefined;
  },
};
