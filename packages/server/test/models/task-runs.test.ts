import {
  nowMicros,
  type OrchestrationResult,
  parseTimestamp,
  SECOND,
  type State,
  type TaskRun,
  uuid4,
} from '@prefect-ts/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { commands, sequences, slotTable } from './sequences.ts';

let server: TestServer;
let flowId: string;
let ahead = 0;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer({ clock: () => nowMicros() + ahead });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'f' })).body.id;
});
afterAll(() => server.stop());

const TYPES = ['SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED', 'PAUSED', 'CANCELLING'] as const;
type Type = (typeof TYPES)[number];
const TERMINAL: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'];

type Command =
  | { readonly do: 'create'; readonly tags: readonly number[]; readonly retries: number | null }
  | { readonly do: 'set'; readonly run: number; readonly type: Type; readonly force: boolean }
  | { readonly do: 'delete'; readonly run: number }
  | { readonly do: 'limit'; readonly tag: number; readonly limit: number };

const anyCommands = commands<Command>(
  fc.record({
    do: fc.constant('create' as const),
    tags: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
    retries: fc.constantFrom(null, 0, 1, 2),
  }),
  ...Array.from({ length: 6 }, () =>
    fc.record({
      do: fc.constant('set' as const),
      run: fc.nat(4),
      type: fc.constantFrom<Type>(...TYPES, 'RUNNING', 'RUNNING', 'RUNNING', 'FAILED'),
      force: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    }),
  ),
  fc.record({ do: fc.constant('delete' as const), run: fc.nat(4) }),
  fc.record({ do: fc.constant('limit' as const), tag: fc.nat(1), limit: fc.nat(3) }),
);

interface Expected {
  readonly id: string;
  readonly tags: readonly number[];
  readonly retries: number | null;
  states: State[];
  runCount: number;
  holds: boolean;
}

/** Task runs of one flow run whose tags 0 and 1 have limits; tag 2 has none. */
class World {
  readonly #runs: Expected[] = [];
  readonly #limits: number[];
  #most: number[];
  #flowRun = '';
  /** Tells the tags of this world from those of others. */
  readonly #prefix = uuid4().slice(0, 8);

  constructor(limits: readonly number[]) {
    this.#limits = [...limits];
    this.#most = [...limits];
  }

  #tag(index: number): string {
    return `${this.#prefix}-${index}`;
  }

  async open(): Promise<void> {
    const run = { flow_id: flowId, state: { type: 'RUNNING' } };
    this.#flowRun = (await server.request<{ id: string }>('POST', '/flow_runs/', run)).body.id;
    for (const [index, limit] of this.#limits.entries())
      await server.request('POST', '/concurrency_limits/', { tag: this.#tag(index), concurrency_limit: limit });
  }

  async carryOut(command: Command): Promise<void> {
    switch (command.do) {
      case 'create':
        return this.#create(command.tags, command.retries);
      case 'limit':
        this.#limits[command.tag] = command.limit;
        this.#most = this.#most.map((most, tag) => Math.max(most, this.#limits[tag] ?? 0));
        await server.request('PATCH', `/v2/concurrency_limits/tag:${this.#tag(command.tag)}`, { limit: command.limit });
        return;
      default: {
        const target = this.#runs[command.run];
        if (target && command.do === 'set') return this.#set(target, command.type, command.force);
        if (!target) return;
        // The slots of a run that is deleted while it holds them go with it.
        this.#runs.splice(command.run, 1);
        expect((await server.request('DELETE', `/task_runs/${target.id}`)).status).toBe(204);
      }
    }
  }

  async #create(tags: readonly number[], retries: number | null): Promise<void> {
    if (this.#runs.length >= 5) return;
    serial += 1;
    const names = tags.map((index) => this.#tag(index));
    const { body } = await server.request<TaskRun>('POST', '/task_runs/', {
      flow_run_id: this.#flowRun,
      task_key: 't',
      dynamic_key: `${serial}`,
      tags: names,
      empirical_policy: { retries, retry_delay: 0 },
    });
    this.#runs.push({ id: body.id, tags, retries, states: body.state ? [body.state] : [], runCount: 0, holds: false });
  }

  #taken(tag: number): number {
    return this.#runs.filter((run) => run.holds && run.tags.includes(tag)).length;
  }

  async #set(target: Expected, type: Type, force: boolean): Promise<void> {
    const last = target.states.at(-1);
    const limited = target.tags.filter((tag) => tag < 2);
    const { body } = await server.request<OrchestrationResult>('POST', `/task_runs/${target.id}/set_state`, {
      state: { type },
      force,
    });
    const stored = body.state && body.state.id !== last?.id ? body.state : undefined;
    const isTerminal = TERMINAL.includes(last?.type ?? '');
    const answer = [body.status, stored?.name ?? null];
    if (force) expect([body.status, stored?.type]).toEqual(['ACCEPT', type]);
    else if (isTerminal && ['CANCELLING', 'PAUSED', 'CRASHED'].includes(type)) expect(answer).toEqual(['ABORT', null]);
    else if (type === 'RUNNING' && !target.holds && limited.some((tag) => this.#limits[tag] === 0))
      expect(answer).toEqual(['ABORT', null]);
    else if (type === 'RUNNING' && !target.holds && limited.some((tag) => this.#taken(tag) >= (this.#limits[tag] ?? 0)))
      expect(answer).toEqual(['WAIT', null]);
    else if (type === 'FAILED' && last?.type === 'RUNNING' && target.retries !== null && target.runCount <= target.retries)
      expect(answer).toEqual(['REJECT', 'AwaitingRetry']);
    else expect([body.status, stored?.type]).toEqual(['ACCEPT', type]);
    if (!stored) return;

    // A run that is over and goes on begins to count anew. Contract: orchestration 6.2.
    if (!force && isTerminal && !TERMINAL.includes(stored.type)) target.runCount = 0;
    if (stored.type === 'RUNNING') {
      target.runCount += 1;
      if (!force && limited.length > 0) target.holds = true;
    } else if (stored.type !== 'CANCELLING') target.holds = false;
    target.states.push(stored);
  }

  async check(): Promise<void> {
    for (const expected of this.#runs) {
      const { body } = await server.request<TaskRun>('GET', `/task_runs/${expected.id}`);
      const last = expected.states.at(-1);
      expect([body.state?.id, body.state_type, body.run_count]).toEqual([last?.id, last?.type ?? null, expected.runCount]);
      const { body: history } = await server.request<State[]>('GET', `/task_run_states/?task_run_id=${expected.id}`);
      expect(history.map(({ id }) => id)).toEqual(expected.states.map(({ id }) => id));
      const times = history.map(({ timestamp }) => parseTimestamp(timestamp) ?? 0);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }
    const { leases, limits } = await slotTable(server);
    for (const tag of [0, 1]) {
      const limit = [...limits.values()].find(({ name }) => name === `tag:${this.#tag(tag)}`);
      const held = leases.filter(({ limitIds }) => limit && limitIds.includes(limit.id));
      const holders = this.#runs.filter((run) => run.holds && run.tags.includes(tag)).map(({ id }) => id);
      expect(held.map(({ holder_id }) => holder_id).toSorted()).toEqual(holders.sort());
      expect(limit?.active_slots).toBe(held.length);
      expect(held.length).toBeLessThanOrEqual(this.#most[tag] ?? 0);
    }
    ahead += SECOND;
  }
}

describe('task runs with tags that have limits', () => {
  it('hold a slot of each tag while they run, or wait, whatever is asked of them in whatever order', async () => {
    const scene = fc.record({
      limits: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
      script: anyCommands,
    });
    const property = fc.asyncProperty(scene, async ({ limits, script }) => {
      const world = new World(limits);
      await world.open();
      for (const tags of [[0], [0, 1], [1, 2]]) await world.carryOut({ do: 'create', tags, retries: 1 });
      for (const command of script) {
        await world.carryOut(command);
        await world.check();
      }
    });
    await fc.assert(property, sequences(60));
  }, 600_000);
});
