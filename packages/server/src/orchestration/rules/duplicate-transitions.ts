import { ALL } from '../state-sets.ts';
import { type FlowRule, reject } from '../transition.ts';

/** A client that repeats a request, because its answer was lost, does not make the transition twice. */
export const preventDuplicateTransitions: FlowRule = {
  name: 'PreventDuplicateTransitions',
  from: ALL,
  to: ALL,
  before({ initial }, proposed) {
    const made = initial?.state_details.transition_id;
    return made && made === proposed.state_details.transition_id
      ? reject(null, 'This run has already made this state transition.')
      : undefined;
  },
};
