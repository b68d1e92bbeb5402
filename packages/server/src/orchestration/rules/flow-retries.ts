import { formatTimestamp, SECOND } from '@prefect-ts/protocol';
import { isOlderApi } from '../client-versions.ts';
import { makeState } from '../state.ts';
import { only } from '../state-sets.ts';
import { type FlowRule, reject } from '../transition.ts';

/** A failure is followed by another try while the run's policy has one left. */
export const retryFailedFlows: FlowRule = {
  name: 'RetryFailedFlows',
  from: only('RUNNING'),
  to: only('FAILED'),
  before({ run, initial, client, now }, proposed) {
    const policy = run.empirical_policy;
    if (policy.retries === null || run.run_count > policy.retries) {
      run.empirical_policy = { ...policy, retry_type: null };
      return undefined;
    }
    if (!isOlderApi(client, [0, 8, 4]))
      run.empirical_policy = { ...policy, resuming: false, pause_keys: [], retry_type: 'in_process' };
    const retry = makeState(
      {
        type: 'SCHEDULED',
        name: 'AwaitingRetry',
        message: proposed.message,
        data: proposed.data,
        state_details: {
          scheduled_time: formatTimestamp(now + (policy.retry_delay ?? 0) * SECOND),
          deployment_concurrency_lease_id: initial?.state_details.deployment_concurrency_lease_id ?? null,
        },
      },
      now,
    );
    return reject(retry, 'Retrying');
  },
};
