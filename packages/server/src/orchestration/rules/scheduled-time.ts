import { parseTimestamp, SECOND } from '@prefect-ts/protocol';
import { ALL, only } from '../state-sets.ts';
import { type FlowRule, type Rule, type RunDraft, reject, wait } from '../transition.ts';

/** The time for which a run was scheduled stays with it when it is claimed. */
export const copyScheduledTime: Rule<RunDraft, unknown> = {
  name: 'CopyScheduledTime',
  from: only('SCHEDULED'),
  to: only('PENDING'),
  before({ initial }, proposed) {
    proposed.state_details.scheduled_time ??= initial?.state_details.scheduled_time ?? null;
    return undefined;
  },
};

/** A run that was claimed ahead of its time waits for it. */
export const waitForScheduledTime: Rule<RunDraft, unknown> = {
  name: 'WaitForScheduledTime',
  from: only('SCHEDULED', 'PENDING'),
  to: only('RUNNING'),
  before({ initial, now }) {
    const scheduled = initial?.state_details.scheduled_time;
    if (!scheduled) return undefined;
    const lead = (parseTimestamp(scheduled) ?? now) - now;
    const seconds = Math.floor(lead / SECOND);
    // Half a second and less starts at once; halves go to the even side, and the only half here is 0.5.
    const delay = seconds + (lead - seconds * SECOND > SECOND / 2 ? 1 : 0);
    return delay > 0 ? wait(delay, 'Scheduled time is in the future') : undefined;
  },
};

/** Only a run that is scheduled, and not late yet, becomes late. */
export const ensureOnlyScheduledRunsAreLate: FlowRule = {
  name: 'EnsureOnlyScheduledFlowsMarkedLate',
  from: ALL,
  to: only('SCHEDULED'),
  before({ initial }, proposed) {
    if (proposed.name !== 'Late' || !initial) return undefined;
    if (initial.type !== 'SCHEDULED') return reject(null, 'Only scheduled flows can be marked late.');
    if (initial.name === 'Late') return reject(null, 'This flow run is already marked late.');
    return undefined;
  },
};
