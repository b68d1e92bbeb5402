import { makeState } from '../state.ts';
import { allBut, only } from '../state-sets.ts';
import { type FlowRule, reject } from '../transition.ts';

/** A run that is being cancelled can only become cancelled. */
export const enforceCancellingToCancelled: FlowRule = {
  name: 'EnforceCancellingToCancelledTransition',
  from: only('CANCELLING'),
  to: allBut('CANCELLED'),
  before: () => reject(null, 'Cannot transition flows that are cancelling to a state other than Cancelled.'),
};

/** A run that nothing executes needs nobody to end it: it is cancelled at once. */
export const bypassCancellingWithoutInfrastructure: FlowRule = {
  name: 'BypassCancellingFlowRunsWithNoInfra',
  from: only('SCHEDULED', 'PAUSED'),
  to: only('CANCELLING'),
  before({ run, initial, now }) {
    const cancelled = () => makeState({ type: 'CANCELLED' }, now);
    if ((initial?.type === 'SCHEDULED' && !run.infrastructure_pid) || initial?.name === 'Resuming')
      return reject(cancelled(), 'Scheduled flow run has no infrastructure to terminate.');
    if (initial?.type === 'PAUSED' && initial.state_details.pause_reschedule)
      return reject(cancelled(), 'Suspended flow run has no infrastructure to terminate.');
    return undefined;
  },
};
