import { only } from '../state-sets.ts';
import { abort, type Rule, type RunDraft } from '../transition.ts';

/** Only one worker may claim a run: one that is pending or beyond cannot be made pending again. */
export const preventPendingTransitions: Rule<RunDraft, unknown> = {
  name: 'PreventPendingTransitions',
  from: only('PENDING', 'CANCELLING', 'RUNNING', 'CANCELLED'),
  to: only('PENDING'),
  before({ initial }, proposed) {
    // The sub-steps of a start, such as Submitting, are other names of the same claim.
    if (initial?.type === 'PENDING' && proposed.name !== initial.name && proposed.name !== 'Pending') {
      proposed.state_details.scheduled_time = initial.state_details.scheduled_time;
      proposed.state_details.deployment_concurrency_lease_id = initial.state_details.deployment_concurrency_lease_id;
      return undefined;
    }
    return abort(`This run is in a ${initial?.type} state and cannot transition to a PENDING state.`);
  },
};
