import {
  type FlowRunResponse,
  nowMicros,
  type OrchestrationResult,
  parseTimestamp,
  SECOND,
  type State,
} from '@prefect-ts/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repossessor } from '../../src/services/repossessor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { commands, sequences, slotTable } from './sequences.ts';

let server: TestServer;
let flowId: string;
let ahead = 0;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: {
      PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED: 'false',
      PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED: 'false',
      PREFECT_SERVER_SERVICES_LOST_RUNS_ENABLED: 'false',
      PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED: 'false',
    },
  });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'f' })).body.id;
});
afterAll(() => server.stop());

const TYPES = ['SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'PAUSED', 'CANCELLING'] as const;
type Type = (typeof TYPES)[number];
const TERMINAL: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'];
const HOLDING: readonly string[] = ['PENDING', 'RUNNING', 'CANCELLING'];
const NEW_CLIENT = { 'user-agent': 'prefect/3.8.8 (API 0.8.4)' };

type Command =
  | { readonly do: 'create'; readonly type: Type | null; readonly retries: number | null }
  | { readonly do: 'set'; readonly run: number; readonly type: Type; readonly force: boolean; readonly renews: boolean }
  | { readonly do: 'delete' | 'renew'; readonly run: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'limit'; readonly limit: number };

const run = fc.nat(4);
const anyCommands = commands<Command>(
  fc.record({
    do: fc.constant('create'),
    type: fc.constantFrom(null, 'SCHEDULED', 'PENDING'),
    retries: fc.constantFrom(null, 1),
  }),
  ...Array.from({ length: 6 }, () =>
    fc.record({
      do: fc.constant('set' as const),
      run,
      type: fc.constantFrom<Type>(...TYPES, 'PENDING', 'PENDING', 'RUNNING', 'RUNNING'),
      force: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
      renews: fc.boolean(),
    }),
  ),
  fc.record({ do: fc.constantFrom('delete', 'renew'), run }),
  fc.record({ do: fc.constant('pass'), seconds: fc.constantFrom(1, 40, 400) }),
  fc.record({ do: fc.constant('limit'), limit: fc.nat(3) }),
);

/** What a run must look like. */
interface Expected {
  readonly id: string;
  readonly retries: number | null;
  states: State[];
  runCount: number;
  resuming: boolean;
  start: number | null;
  end: number | null;
  total: number;
}

/** What becomes of a state that is proposed without force, by what is there. Contract: orchestration 4.4. */
function allowed(from: string | null, to: Type): 'accept' | 'abort' | 'reject' | 'cancel' {
  if (from === 'CANCELLING') return to === 'CANCELLED' ? 'accept' : 'reject';
  if (TERMINAL.includes(from ?? '')) return ['CANCELLING', 'PAUSED', 'CRASHED'].includes(to) ? 'abort' : pendingFrom(from, to);
  if (to === 'CANCELLING' && from === 'SCHEDULED') return 'cancel';
  if (to === 'PAUSED') return from === null ? 'abort' : from === 'RUNNING' ? 'accept' : 'reject';
  if (from === 'PAUSED') return to === 'PENDING' ? 'reject' : 'accept';
  return pendingFrom(from, to);
}

function pendingFrom(from: string | null, to: Type): 'accept' | 'abort' {
  return to === 'PENDING' && ['PENDING', 'RUNNING', 'CANCELLED'].includes(from ?? '') ? 'abort' : 'accept';
}

/** One deployment with a limit, its runs, and what must be true of them. */
class World {
  readonly #runs: Expected[] = [];
  readonly #strategy: 'ENQUEUE' | 'CANCEL_NEW';
  #deployment = '';
  #limitId = '';
  #limit: number;
  /** The most slots that could be taken: a limit that is lowered takes nobody's slot. */
  #most: number;

  constructor(limit: number, strategy: 'ENQUEUE' | 'CANCEL_NEW') {
    this.#limit = limit;
    this.#most = limit;
    this.#strategy = strategy;
  }

  async open(): Promise<void> {
    serial += 1;
    const { body } = await server.request<{ id: string; global_concurrency_limit: { id: string } }>('POST', '/deployments/', {
      name: `d${serial}`,
      flow_id: flowId,
      concurrency_limit: this.#limit,
      concurrency_options: { collision_strategy: this.#strategy },
    });
    this.#deployment = body.id;
    this.#limitId = body.global_concurrency_limit.id;
  }

  async close(): Promise<void> {
    for (const { id } of this.#runs) await server.request('DELETE', `/flow_runs/${id}`);
    const { leases, limits } = await slotTable(server);
    expect(leases.filter(({ limitIds }) => limitIds.includes(this.#limitId))).toEqual([]);
    expect(limits.get(this.#limitId)?.active_slots).toBe(0);
  }

  async carryOut(command: Command): Promise<void> {
    switch (command.do) {
      case 'create':
        if (this.#runs.length < 5) await this.#create(command.type, command.retries);
        return;
      case 'pass':
        ahead += command.seconds * SECOND;
        return repossessor.run(server.running.core);
      case 'limit':
        this.#most = Math.max(this.#most, command.limit);
        this.#limit = command.limit;
        await server.request('PATCH', `/v2/concurrency_limits/${this.#limitId}`, { limit: command.limit });
        return;
      default: {
        const target = this.#runs[command.run];
        if (!target) return;
        if (command.do === 'set') return this.#set(target, command);
        if (command.do === 'renew') return this.#renew(target);
        this.#runs.splice(command.run, 1);
        expect((await server.request('DELETE', `/flow_runs/${target.id}`)).status).toBe(204);
      }
    }
  }

  async #create(type: Type | null, retries: number | null): Promise<void> {
    const { body } = await server.request<FlowRunResponse>('POST', '/flow_runs/', {
      flow_id: flowId,
      deployment_id: this.#deployment,
      empirical_policy: { retries },
      ...(type ? { state: { type } } : {}),
    });
    const created: Expected = {
      id: body.id,
      retries,
      states: [],
      runCount: 0,
      resuming: false,
      start: null,
      end: null,
      total: 0,
    };
    if (body.state) this.#store(created, body.state);
    this.#runs.push(created);
  }

  async #renew(target: Expected): Promise<void> {
    const lease = target.states.at(-1)?.state_details.deployment_concurrency_lease_id;
    if (!lease) return;
    const known = (await slotTable(server)).leases.some(({ id }) => id === lease);
    const { status } = await server.request('POST', `/v2/concurrency_limits/leases/${lease}/renew`, { lease_duration: 300 });
    expect(status).toBe(known ? 204 : 410);
  }

  async #set(target: Expected, { type, force, renews }: Extract<Command, { do: 'set' }>): Promise<void> {
    const before = await slotTable(server);
    const last = target.states.at(-1);
    const from = last?.type ?? null;
    const now = nowMicros() + ahead;
    const { body } = await server.request<OrchestrationResult>(
      'POST',
      `/flow_runs/${target.id}/set_state`,
      { state: { type }, force },
      renews ? NEW_CLIENT : {},
    );
    const stored = body.state && body.state.id !== last?.id ? body.state : undefined;
    const holds = before.leases.some(({ holder_id }) => holder_id === target.id);
    const isFull = (before.limits.get(this.#limitId)?.active_slots ?? 0) >= this.#limit;

    if (force) {
      const bypassed = type === 'CANCELLING' && from === 'SCHEDULED';
      expect(stored?.type).toBe(bypassed ? 'CANCELLED' : type);
      expect(body.status).toBe(bypassed ? 'REJECT' : 'ACCEPT');
    } else {
      // A slot is asked for before anybody minds that a paused run cannot be claimed.
      const outcome = from === 'PAUSED' && type === 'PENDING' && isFull ? 'accept' : allowed(from, type);
      const due = parseTimestamp(last?.state_details.scheduled_time ?? '') ?? 0;
      const early = type === 'RUNNING' && ['SCHEDULED', 'PENDING'].includes(from ?? '') && due > now + SECOND;
      if (outcome === 'abort') expect([body.status, stored]).toEqual(['ABORT', undefined]);
      else if (outcome === 'reject') expect([body.status, stored]).toEqual(['REJECT', undefined]);
      else if (outcome === 'cancel') expect([body.status, stored?.type]).toEqual(['REJECT', 'CANCELLED']);
      else if (type === 'PENDING' && !HOLDING.includes(from ?? '')) this.#expectClaim(body, stored, holds, isFull);
      else if (type === 'RUNNING' && from === 'PENDING' && body.status === 'REJECT') {
        // Its lease had run out, and somebody else has the slot.
        expect([renews, holds, isFull || this.#limit === 0, stored?.type]).toEqual([true, false, true, 'CANCELLED']);
      } else if (early) expect([body.status, stored]).toEqual(['WAIT', undefined]);
      else if (type === 'FAILED' && from === 'RUNNING' && target.retries !== null && target.runCount <= target.retries)
        expect([body.status, stored?.name]).toEqual(['REJECT', 'AwaitingRetry']);
      else if (body.status !== 'WAIT') expect([body.status, stored?.type]).toEqual(['ACCEPT', type]);
      else expect(due).toBeGreaterThan(now - SECOND);
    }
    const found = type === 'PENDING' && stored?.type !== 'PENDING' ? 'substitute' : 'core';
    if (stored) this.#store(target, stored, force ? 'force' : found);
    else if (from === 'PAUSED' && body.status === 'ACCEPT') throw new Error('accepted and not stored');
  }

  #expectClaim(body: OrchestrationResult, stored: State | undefined, holds: boolean, isFull: boolean): void {
    if (this.#limit === 0) expect([body.status, stored]).toEqual(['ABORT', undefined]);
    else if (holds || !isFull) expect([body.status, stored?.type]).toEqual(['ACCEPT', 'PENDING']);
    else {
      const instead = this.#strategy === 'ENQUEUE' ? 'AwaitingConcurrencySlot' : 'Cancelled';
      expect([body.status, stored?.name]).toEqual(['REJECT', instead]);
    }
  }

  /** What a stored state does to its run. Contract: orchestration 5. */
  #store(target: Expected, stored: State, by: 'core' | 'force' | 'substitute' = 'force'): void {
    const last = target.states.at(-1);
    const at = parseTimestamp(stored.timestamp) ?? 0;
    const wasTerminal = TERMINAL.includes(last?.type ?? '');
    const isTerminal = TERMINAL.includes(stored.type);
    if (last?.type === 'RUNNING') target.total += at - (parseTimestamp(last.timestamp) ?? 0);
    if (by === 'core' && ((wasTerminal && !isTerminal) || stored.name === 'AwaitingRetry')) target.resuming = false;
    if (stored.type === 'RUNNING') {
      if (!target.resuming) target.runCount += 1;
      target.start ??= at;
    }
    if (stored.type === 'RUNNING' || isTerminal) target.resuming = false;
    if (by === 'core' && last?.type === 'PAUSED') target.resuming = true;
    if (isTerminal) {
      target.start ??= at;
      if (!wasTerminal) target.end = at;
    } else target.end = null;
    target.states.push(stored);
  }

  /** What is true after every command. */
  async check(): Promise<void> {
    for (const expected of this.#runs) await this.#checkRun(expected);
    const { leases, limits } = await slotTable(server);
    const ours = leases.filter(({ limitIds }) => limitIds.includes(this.#limitId));
    // No slot is leaked and none is given back twice: each that is taken is somebody's.
    expect(limits.get(this.#limitId)?.active_slots).toBe(ours.length);
    // None is handed out twice, and nobody has two.
    expect(ours.length).toBeLessThanOrEqual(this.#most);
    expect(new Set(ours.map(({ holder_id }) => holder_id)).size).toBe(ours.length);
    for (const lease of ours) {
      const state = this.#runs.find(({ id }) => id === lease.holder_id)?.states.at(-1);
      expect(HOLDING.includes(state?.type ?? '') || state?.name === 'AwaitingRetry', `a slot held in ${state?.name}`).toBe(true);
    }
  }

  async #checkRun(expected: Expected): Promise<void> {
    const { body } = await server.request<FlowRunResponse>('GET', `/flow_runs/${expected.id}`);
    const micros = (text: string | null | undefined) => (text ? (parseTimestamp(text) ?? null) : null);
    const last = expected.states.at(-1);
    expect({
      state: body.state?.id,
      type: body.state_type,
      name: body.state_name,
      runCount: body.run_count,
      start: micros(body.start_time),
      end: micros(body.end_time),
      total: Math.round((body.total_run_time ?? 0) * SECOND),
      next: micros(body.next_scheduled_start_time),
    }).toEqual({
      state: last?.id,
      type: last?.type ?? null,
      name: last?.name ?? null,
      runCount: expected.runCount,
      start: expected.start,
      end: expected.end,
      total: expected.total,
      next: last?.type === 'SCHEDULED' ? micros(last.state_details.scheduled_time) : null,
    });
    const { body: history } = await server.request<State[]>('GET', `/flow_run_states/?flow_run_id=${expected.id}`);
    expect(history.map(({ id }) => id)).toEqual(expected.states.map(({ id }) => id));
    const times = history.map(({ timestamp }) => parseTimestamp(timestamp) ?? 0);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  }
}

describe('flow runs of a deployment with a limit', () => {
  it('take only slots that are free and give back what they took, whatever is asked of them in whatever order', async () => {
    const scene = fc.record({
      limit: fc.integer({ min: 1, max: 3 }),
      strategy: fc.constantFrom('ENQUEUE' as const, 'CANCEL_NEW' as const),
      script: anyCommands,
    });
    const property = fc.asyncProperty(scene, async ({ limit, strategy, script }) => {
      const world = new World(limit, strategy);
      await world.open();
      for (const type of ['SCHEDULED', 'SCHEDULED', null] as const) await world.carryOut({ do: 'create', type, retries: 1 });
      for (const command of script) {
        await world.carryOut(command);
        await world.check();
      }
      await world.close();
    });
    await fc.assert(property, sequences(60));
  }, 600_000);
});
