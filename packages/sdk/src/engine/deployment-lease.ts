import type { FlowRunScope } from './flow-scope.ts';

const LEASE_SECONDS = 300;
const RENEW_AFTER_SHARE = 0.75;
const TRIES = 3;

/** Keeps the concurrency slot of a deployment while its run goes on; a run that has lost its slot is stopped. @returns how to stop renewing */
export function keepDeploymentLease(scope: FlowRunScope): () => void {
  const leaseId = scope.run.state?.state_details.deployment_concurrency_lease_id;
  if (!leaseId) return () => {};
  const renew = async () => {
    for (let tries = 1; ; tries++) {
      try {
        await scope.session.client.call('POST /v2/concurrency_limits/leases/{lease_id}/renew', {
          path: { lease_id: leaseId },
          body: { lease_duration: LEASE_SECONDS },
        });
        return;
      } catch (error) {
        if (tries < TRIES) continue;
        scope.log.error('The concurrency slot of the deployment was lost; the run is stopped.', error);
        scope.node.abort(error);
        return;
      }
    }
  };
  const timer = setInterval(renew, LEASE_SECONDS * RENEW_AFTER_SHARE * 1000).unref();
  return () => clearInterval(timer);
}
