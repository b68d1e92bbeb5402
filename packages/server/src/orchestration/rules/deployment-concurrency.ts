import { formatTimestamp, SECOND } from '@prefect-ts/protocol';
import { isOlder } from '../client-versions.ts';
import type { SlotLease } from '../slot-ledger.ts';
import { makeState } from '../state.ts';
import { allBut, only } from '../state-sets.ts';
import type { FlowTransition } from '../transition.ts';
import {
  abort,
  type ClientVersions,
  type FlowRule,
  type FlowRunDraft,
  type FlowRunFacts,
  reject,
  type Transform,
} from '../transition.ts';

const FULL = 'Deployment concurrency limit reached.';

/** A slot that a run holds stays named in its states, also when a client sends none. */
export const preserveLease: Transform<FlowRunDraft, FlowRunFacts> = {
  name: 'PreserveDeploymentConcurrencyLeaseId',
  before({ initial }, proposed) {
    proposed.state_details.deployment_concurrency_lease_id ??= initial?.state_details.deployment_concurrency_lease_id ?? null;
  },
};

const taken = new WeakMap<FlowTransition, SlotLease>();

/** Seconds of a century: a slot that is not given back by the clock. */
const CENTURY = 100 * 365 * 86_400;

/** Before a run is claimed it takes a slot of its deployment, or does what the deployment says for when there is none. */
export const secureDeploymentSlot: FlowRule = {
  name: 'SecureFlowConcurrencySlots',
  from: allBut('PENDING', 'RUNNING', 'CANCELLING'),
  to: only('PENDING'),
  before(transition, proposed) {
    const { run, facts, client, now } = transition;
    if (run.deployment_id === null || countsItself(client)) return undefined;
    if (!facts.deployment) return abort('Deployment not found.');
    const limit = facts.slots.limit(facts.deployment.limitId);
    if (!limit) return undefined;
    if (limit.limit === 0) return abort('The deployment concurrency limit is 0. The flow will deadlock if submitted again.');
    // One that retries in its process has kept its slot.
    const [kept] = facts.slots.leases;
    if (kept) {
      facts.slots.renew(kept, now, facts.deployment.gracePeriod);
      proposed.state_details.deployment_concurrency_lease_id = kept.id;
      return undefined;
    }
    const lease = facts.slots.take([limit.id], { type: 'flow_run', id: run.id }, now, facts.deployment.gracePeriod);
    if (lease) {
      taken.set(transition, lease);
      proposed.state_details.deployment_concurrency_lease_id = lease.id;
      return undefined;
    }
    if (facts.deployment.collisionStrategy === 'CANCEL_NEW')
      return reject(makeState({ type: 'CANCELLED', message: FULL }, now), FULL);
    const scheduled_time = formatTimestamp(now + facts.slotWait * SECOND);
    return reject(
      makeState({ type: 'SCHEDULED', name: 'AwaitingConcurrencySlot', state_details: { scheduled_time } }, now),
      FULL,
    );
  },
  cleanup(transition) {
    const lease = taken.get(transition);
    if (!lease) return;
    transition.facts.slots.release(lease);
    if (transition.proposed) transition.proposed.state_details.deployment_concurrency_lease_id = null;
  },
};

/** A run that starts still has its slot, or gets another. */
export const validateSlotAtRunning: FlowRule = {
  name: 'ValidateDeploymentConcurrencyAtRunning',
  from: only('PENDING'),
  to: only('RUNNING'),
  before({ run, initial, facts, client, now }, proposed) {
    const leaseId = initial?.state_details.deployment_concurrency_lease_id ?? null;
    proposed.state_details.deployment_concurrency_lease_id = leaseId;
    const limit = facts.slots.limit(facts.deployment?.limitId ?? null);
    if (!leaseId || !facts.deployment || !limit || !renewsLeases(client)) return undefined;
    const [held] = facts.slots.leases;
    if (held) {
      proposed.state_details.deployment_concurrency_lease_id = held.id;
      facts.slots.renew(held, now, facts.deployment.gracePeriod);
      return undefined;
    }
    const lease = facts.slots.take([limit.id], { type: 'flow_run', id: run.id }, now, facts.deployment.gracePeriod);
    if (lease) {
      proposed.state_details.deployment_concurrency_lease_id = lease.id;
      return undefined;
    }
    const message = 'Deployment concurrency slot lost during provisioning - no slots available to continue execution';
    return reject(makeState({ type: 'CANCELLED', message }, now), 'Deployment concurrency limit reached after lease expiry.');
  },
};

/** Clients that never renew a lease would lose it: their slot is theirs until the run ends. */
export const keepSlotOfOldClients: FlowRule = {
  name: 'RemoveDeploymentConcurrencyLeaseForOldClientVersions',
  from: only('PENDING'),
  to: only('RUNNING', 'CANCELLING'),
  after({ facts, client, now }) {
    if (renewsLeases(client)) return;
    for (const lease of facts.slots.leases) facts.slots.renew(lease, now, CENTURY);
  },
};

/**
 * A run that is no longer claimed or running gives back what it holds, and nothing that it does not hold: somebody else may. One that
 * retries in its process keeps its slot.
 */
export const releaseDeploymentSlot: Transform<FlowRunDraft, FlowRunFacts> = {
  name: 'ReleaseFlowConcurrencySlots',
  after({ facts, status }, stored) {
    if (['PENDING', 'RUNNING', 'CANCELLING'].includes(stored.type)) return;
    if (status === 'REJECT' && stored.type === 'SCHEDULED' && stored.name === 'AwaitingRetry') return;
    for (const lease of facts.slots.leases) facts.slots.release(lease);
  },
};

/** A late run of a full deployment that cancels collisions is cancelled rather than late. */
export const cancelLateRunsOfFullDeployments: FlowRule = {
  name: 'EnforceDeploymentConcurrencyOnLate',
  from: only('SCHEDULED'),
  to: only('SCHEDULED'),
  before({ facts, now }, proposed) {
    const limit = facts.slots.limit(facts.deployment?.limitId ?? null);
    if (proposed.name !== 'Late' || !limit || facts.deployment?.collisionStrategy !== 'CANCEL_NEW') return undefined;
    return limit.activeSlots >= limit.limit
      ? reject(
          makeState({ type: 'CANCELLED', message: FULL }, now),
          'Deployment concurrency limit is full and uses the CANCEL_NEW strategy.',
        )
      : undefined;
  },
};

/** The first Python workers of version 3 counted deployment slots themselves. */
function countsItself({ package: version }: ClientVersions): boolean {
  return version !== null && version[0] === 3 && version[1] === 0 && version[2] <= 3;
}

function renewsLeases({ package: version }: ClientVersions): boolean {
  return version !== null && !isOlder(version, [3, 4, 11]);
}
