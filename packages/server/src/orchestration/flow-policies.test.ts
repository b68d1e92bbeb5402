import { formatTimestamp, SECOND, type State, type StateType } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { flowRunPolicy } from '../resources/run-policies.ts';
import { INTERNAL_CLIENT } from './client-versions.ts';
import { orchestrate } from './orchestrate.ts';
import { CORE_FLOW_POLICY, LATE_FLOW_POLICY, MINIMAL_FLOW_POLICY } from './policies.ts';
import { type SlotLease, SlotLedger } from './slot-ledger.ts';
import { makeState, type StateProposal } from './state.ts';
import type { FlowRunDraft, FlowRunFacts, Policy } from './transition.ts';

const NOW = 1_800_000_000 * SECOND;
const PERSISTED = { type: 'reference' };

interface Scene {
  policy?: Policy<FlowRunDraft, FlowRunFacts>;
  run?: Partial<FlowRunDraft>;
  limit?: { limit: number; active: number; strategy?: 'ENQUEUE' | 'CANCEL_NEW'; holds?: boolean };
}

function aRun(overrides: Partial<FlowRunDraft> = {}): FlowRunDraft {
  return {
    id: 'run',
    tags: [],
    deployment_id: null,
    parent_task_run_id: null,
    infrastructure_pid: null,
    state_type: null,
    state_name: null,
    state_timestamp: null,
    run_count: 0,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    empirical_policy: flowRunPolicy({}),
    ...overrides,
  };
}

function aLease(): SlotLease {
  const holder = { type: 'flow_run', id: 'run' } as const;
  return { id: 'lease', limitIds: ['limit'], slots: 1, created: NOW - 60 * SECOND, expiration: NOW + 60 * SECOND, holder };
}

function propose(from: StateProposal | null, to: StateProposal, { policy = CORE_FLOW_POLICY, run = {}, limit }: Scene = {}) {
  const initial: State | null = from && makeState(from, NOW - 10 * SECOND);
  const draft = aRun({ state_timestamp: initial && NOW - 10 * SECOND, state_type: initial?.type ?? null, ...run });
  const slots = limit
    ? new SlotLedger(
        [
          {
            id: 'limit',
            name: 'deployment:d',
            limit: limit.limit,
            active: true,
            activeSlots: limit.active,
            averageOccupancySeconds: 2,
          },
        ],
        limit.holds ? [aLease()] : [],
      )
    : new SlotLedger();
  const facts: FlowRunFacts = {
    deployment: draft.deployment_id
      ? { limitId: limit ? 'limit' : null, collisionStrategy: limit?.strategy ?? 'ENQUEUE', gracePeriod: 300 }
      : null,
    slots,
    slotWait: 30,
  };
  const outcome = orchestrate(policy, {
    run: draft,
    facts,
    initial,
    proposed: makeState(to, NOW),
    now: NOW,
    client: INTERNAL_CLIENT,
  });
  return { ...outcome, run: draft, slots };
}

const TYPES: StateType[] = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
];

// A accept, X abort, R refuse and keep the state, C become Cancelled at once. The run has no deployment. Contract: orchestration 4.4.
const MATRIX: Record<string, string> = {
  none: 'AAAAAAAXA',
  SCHEDULED: 'AAAAAAARC',
  PENDING: 'AXAAAAARA',
  RUNNING: 'AXAAAAAAA',
  PAUSED: 'ARAAAAARA',
  CANCELLING: 'RRRRRARRR',
  COMPLETED: 'XAAAAAXXX',
  FAILED: 'XAAAAAXXX',
  CANCELLED: 'XXAAAAXXX',
  CRASHED: 'XAAAAAXXX',
};

const cells = Object.entries(MATRIX).flatMap(([from, row]) =>
  TYPES.map((to, index) => ({ from, to, expected: row[index] ?? '' })),
);

describe('transitions of a flow run that clients ask for', () => {
  it.each(cells)('$from to $to: $expected', ({ from, to, expected }) => {
    const { status, stored } = propose(from === 'none' ? null : { type: from as StateType }, { type: to });
    const seen = status === 'ACCEPT' ? 'A' : status === 'ABORT' ? 'X' : stored?.type === 'CANCELLED' ? 'C' : 'R';
    expect(seen).toBe(expected);
    if (seen === 'R' || seen === 'X') expect(stored).toBeNull();
  });
});

describe('rules of flow runs', () => {
  it('lets a worker refine the claim that it holds, and keeps its scheduled time', () => {
    const scheduled_time = formatTimestamp(NOW);
    const from = { type: 'PENDING' as const, state_details: { scheduled_time } };
    expect(propose(from, { type: 'PENDING', name: 'Submitting' })).toMatchObject({
      status: 'ACCEPT',
      stored: { name: 'Submitting', state_details: { scheduled_time } },
    });
  });

  it('makes a transition once for a client that repeats its request', () => {
    const details = { transition_id: 'a2c7d2b4-5f3e-4a1b-9c3d-1e2f3a4b5c6d' };
    const outcome = propose({ type: 'RUNNING', state_details: details }, { type: 'RUNNING', state_details: details });
    expect(outcome).toMatchObject({
      status: 'REJECT',
      stored: null,
      details: { reason: 'This run has already made this state transition.' },
    });
    expect(outcome.run.run_count).toBe(0);
  });

  it.each([
    { lead: 100 * SECOND, delay: 100 },
    { lead: 1.6 * SECOND, delay: 2 },
    { lead: 1.5 * SECOND, delay: 1 },
    { lead: 0.4 * SECOND, delay: null },
    { lead: -5 * SECOND, delay: null },
  ])('waits for a scheduled time that lies $lead µs ahead', ({ lead, delay }) => {
    const state_details = { scheduled_time: formatTimestamp(NOW + lead) };
    const { status, details } = propose({ type: 'PENDING', state_details }, { type: 'RUNNING' });
    expect(status).toBe(delay === null ? 'ACCEPT' : 'WAIT');
    if (delay !== null) expect(details).toMatchObject({ delay_seconds: delay, reason: 'Scheduled time is in the future' });
  });

  it('schedules a retry while there is one left', () => {
    const run = { run_count: 1, empirical_policy: flowRunPolicy({ retries: 1, retry_delay: 5 }) };
    const outcome = propose({ type: 'RUNNING' }, { type: 'FAILED', message: 'boom' }, { run });
    expect(outcome).toMatchObject({
      status: 'REJECT',
      details: { reason: 'Retrying' },
      stored: { name: 'AwaitingRetry', message: 'boom', state_details: { scheduled_time: formatTimestamp(NOW + 5 * SECOND) } },
    });
    expect(outcome.run.empirical_policy.retry_type).toBe('in_process');
  });

  it('fails when no retry is left', () => {
    const run = { run_count: 2, empirical_policy: flowRunPolicy({ retries: 1, retry_type: 'in_process' }) };
    const outcome = propose({ type: 'RUNNING' }, { type: 'FAILED' }, { run });
    expect(outcome).toMatchObject({ status: 'ACCEPT', stored: { type: 'FAILED' } });
    expect(outcome.run.empirical_policy.retry_type).toBeNull();
  });

  it('never throws a persisted result away, not even when forced', () => {
    const from = { type: 'COMPLETED' as const, data: PERSISTED };
    expect(propose(from, { type: 'RUNNING' })).toMatchObject({ status: 'REJECT', stored: null });
    expect(propose(from, { type: 'COMPLETED' }, { policy: MINIMAL_FLOW_POLICY })).toMatchObject({
      status: 'REJECT',
      stored: null,
    });
    expect(propose(from, { type: 'RUNNING' }, { policy: MINIMAL_FLOW_POLICY })).toMatchObject({ status: 'ACCEPT' });
  });

  it('reschedules a run that is over only if a deployment can run it again', () => {
    const again = propose({ type: 'FAILED' }, { type: 'SCHEDULED' }, { run: { deployment_id: 'd' } });
    expect(again.status).toBe('ACCEPT');
    expect(again.run.empirical_policy.retry_type).toBe('reschedule');
  });

  it('pauses once for each key and remembers it', () => {
    const details = { pause_key: '1' };
    const first = propose({ type: 'RUNNING' }, { type: 'PAUSED', state_details: details });
    expect(first.run.empirical_policy.pause_keys).toEqual(['1']);
    const run = { empirical_policy: flowRunPolicy({ pause_keys: ['1'] }) };
    expect(
      propose({ type: 'RUNNING' }, { type: 'PAUSED', name: 'Suspended', state_details: details }, { run }).details,
    ).toMatchObject({
      reason: 'This suspend has already fired.',
    });
  });

  it('fails a pause whose time is over', () => {
    const state_details = { pause_timeout: formatTimestamp(NOW - SECOND) };
    expect(propose({ type: 'PAUSED', state_details }, { type: 'RUNNING' })).toMatchObject({
      status: 'REJECT',
      stored: { type: 'FAILED', message: 'The flow was running and never resumed.' },
      details: { reason: 'The flow run pause has timed out and can no longer resume.' },
    });
  });

  it('does not count the run that goes on after a suspension', () => {
    const resumed = propose(
      { type: 'PAUSED', state_details: { pause_reschedule: true } },
      { type: 'SCHEDULED', name: 'Resuming' },
      { run: { deployment_id: 'd', run_count: 1 } },
    );
    expect(resumed.run.empirical_policy.resuming).toBe(true);
    const running = propose(
      { type: 'PENDING' },
      { type: 'RUNNING' },
      { run: { run_count: 1, empirical_policy: resumed.run.empirical_policy } },
    );
    expect(running.run).toMatchObject({ run_count: 1, empirical_policy: { resuming: false } });
  });

  it('marks only scheduled runs late, and only once', () => {
    const policy = LATE_FLOW_POLICY;
    const late = { type: 'SCHEDULED' as const, name: 'Late' };
    expect(propose({ type: 'SCHEDULED' }, late, { policy }).status).toBe('ACCEPT');
    expect(propose(late, late, { policy }).details).toMatchObject({ reason: 'This flow run is already marked late.' });
    expect(propose({ type: 'RUNNING' }, late, { policy }).details).toMatchObject({
      reason: 'Only scheduled flows can be marked late.',
    });
  });
});

describe('the slots of a deployment', () => {
  const run = { deployment_id: 'd' };

  it('are taken when a run is claimed and named in its state', () => {
    const { stored, slots } = propose({ type: 'SCHEDULED' }, { type: 'PENDING' }, { run, limit: { limit: 1, active: 0 } });
    const { created, limits } = slots.changes();
    expect(limits).toMatchObject([{ activeSlots: 1 }]);
    expect(created).toMatchObject([
      { id: stored?.state_details.deployment_concurrency_lease_id, expiration: NOW + 300 * SECOND },
    ]);
  });

  it('make a run wait when they are all taken', () => {
    expect(propose({ type: 'SCHEDULED' }, { type: 'PENDING' }, { run, limit: { limit: 1, active: 1 } })).toMatchObject({
      status: 'REJECT',
      stored: { name: 'AwaitingConcurrencySlot', state_details: { scheduled_time: formatTimestamp(NOW + 30 * SECOND) } },
    });
  });

  it('cancel a run when the deployment says so', () => {
    const limit = { limit: 1, active: 1, strategy: 'CANCEL_NEW' } as const;
    expect(propose({ type: 'SCHEDULED' }, { type: 'PENDING' }, { run, limit })).toMatchObject({
      status: 'REJECT',
      stored: { type: 'CANCELLED', message: 'Deployment concurrency limit reached.' },
    });
  });

  it('are given back when a run ends, and kept while it retries in its process', () => {
    const limit = { limit: 2, active: 2, holds: true };
    expect(propose({ type: 'RUNNING' }, { type: 'COMPLETED' }, { run, limit }).slots.changes()).toMatchObject({
      limits: [{ activeSlots: 1 }],
      revoked: ['lease'],
    });
    const retrying = { ...run, run_count: 1, empirical_policy: flowRunPolicy({ retries: 1 }) };
    expect(propose({ type: 'RUNNING' }, { type: 'FAILED' }, { run: retrying, limit }).slots.changes().limits).toEqual([]);
  });
});

describe('a run that holds no slot', () => {
  it('gives none back when it ends: it would be that of another', () => {
    const without = { run: { deployment_id: 'd' }, limit: { limit: 2, active: 2 } };
    expect(propose({ type: 'RUNNING' }, { type: 'COMPLETED' }, without).slots.changes().limits).toEqual([]);
  });
});

describe('what every stored state does to its run', () => {
  it('records start, end and run time', () => {
    const started = propose({ type: 'PENDING' }, { type: 'RUNNING' });
    expect(started.run).toMatchObject({ start_time: NOW, run_count: 1, end_time: null });
    const ended = propose({ type: 'RUNNING' }, { type: 'COMPLETED' }, { run: { start_time: NOW - 10 * SECOND } });
    expect(ended.run).toMatchObject({ end_time: NOW, total_run_time: 10 * SECOND });
  });

  it('takes the end back when a run that was over goes on', () => {
    const { run } = propose({ type: 'FAILED' }, { type: 'RUNNING' }, { run: { end_time: NOW - SECOND } });
    expect(run.end_time).toBeNull();
  });

  it('keeps the times of two states apart', () => {
    const { stored } = propose({ type: 'PENDING' }, { type: 'RUNNING' }, { run: { state_timestamp: NOW } });
    expect(stored?.timestamp).toBe(formatTimestamp(NOW + 1));
  });

  it('expects the run when it was first scheduled, whatever comes later', () => {
    const first = propose(null, { type: 'SCHEDULED', state_details: { scheduled_time: formatTimestamp(NOW + 60 * SECOND) } });
    expect(first.run).toMatchObject({ expected_start_time: NOW + 60 * SECOND, next_scheduled_start_time: NOW + 60 * SECOND });
    const claimed = propose({ type: 'SCHEDULED' }, { type: 'PENDING' }, { run: first.run });
    expect(claimed.run).toMatchObject({ expected_start_time: NOW + 60 * SECOND, next_scheduled_start_time: null });
  });
});
