import { PrefectError } from '../errors.ts';
import type { FlowRunScope } from './flow-scope.ts';

const LEASE_SECONDS = 300;
const RENEW_AFTER_SHARE = 0.75;

/** Keeps the concurrency slot of a deployment while its run goes on; a run that has lost its slot is stopped. @returns how to stop renewing */
export function keepDeploymentLease(scope: FlowRunScope): () => void {
  const leaseId = scope.run.state?.state_details.deployment_concurrency_lease_id;
  if (!leaseId) return () => {};
  const job = { kind: 'lease', leaseId, seconds: LEASE_SECONDS } as const;
  return scope.session.pulse.keep(job, LEASE_SECONDS * RENEW_AFTER_SHARE, (reason) => {
    scope.log.error(`The concurrency slot of the deployment was lost; the run is stopped. ${reason}`);
    scope.node.abort(new PrefectError(`The concurrency slot of the deployment was lost: ${reason}`));
  });
}
