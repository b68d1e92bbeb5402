import { type ConcurrencyLimit, type GlobalConcurrencyLimitResponse, nowMicros, SECOND, uuid4 } from '@prefect-ts/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repossessor } from '../../src/services/repossessor.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { commands, sequences } from './sequences.ts';

let server: TestServer;
let serial = 0;
/** The server's clock: it moves only when a sequence lets time go by. */
let now = nowMicros();

beforeAll(async () => {
  server = await startTestServer({
    clock: () => {
      now += 1;
      return now;
    },
    environment: { PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED: 'false' },
  });
});
afterAll(() => server.stop());

type Command =
  | { readonly do: 'take'; readonly names: readonly number[]; readonly slots: number }
  | { readonly do: 'give'; readonly names: readonly number[]; readonly slots: number }
  | { readonly do: 'lease'; readonly names: readonly number[]; readonly slots: number; readonly seconds: number }
  | { readonly do: 'renew' | 'release'; readonly lease: number }
  | { readonly do: 'tag-take' | 'tag-give'; readonly tags: readonly number[]; readonly task: number }
  | { readonly do: 'tag-reset'; readonly tag: number; readonly tasks: readonly number[] }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'change'; readonly name: number; readonly limit: number }
  | { readonly do: 'delete'; readonly name: number };

const LIMITS = 3;
const names = fc.uniqueArray(fc.nat(LIMITS), { minLength: 1, maxLength: 3 });
const slots = fc.integer({ min: 1, max: 3 });
const anyCommands = commands<Command>(
  fc.record({ do: fc.constant('take' as const), names, slots }),
  fc.record({ do: fc.constant('give' as const), names, slots }),
  fc.record({ do: fc.constant('lease' as const), names, slots, seconds: fc.constantFrom(60, 300) }),
  fc.record({ do: fc.constant('lease' as const), names, slots, seconds: fc.constantFrom(60, 300) }),
  fc.record({ do: fc.constantFrom('renew' as const, 'release' as const), lease: fc.nat(5) }),
  fc.record({ do: fc.constantFrom('tag-take' as const, 'tag-give' as const), tags: names, task: fc.nat(3) }),
  fc.record({ do: fc.constantFrom('tag-take' as const, 'tag-give' as const), tags: names, task: fc.nat(3) }),
  fc.record({ do: fc.constant('tag-reset' as const), tag: fc.nat(LIMITS), tasks: fc.uniqueArray(fc.nat(3), { maxLength: 2 }) }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 45, 200) }),
  fc.record({ do: fc.constant('change' as const), name: fc.nat(LIMITS), limit: fc.nat(4) }),
  fc.record({ do: fc.constant('delete' as const), name: fc.nat(LIMITS) }),
);

/** A limit that was deleted: leases of it remain. */
const GONE = 'gone';

interface Limit {
  limit: number;
  taken: number;
}

interface Lease {
  readonly id: string;
  names: string[];
  readonly slots: number;
  expiration: number;
  /** The task run that holds it. */
  readonly task?: string;
}

/** Limits of tags, which both interfaces reach, as a few numbers. */
class World {
  readonly #limits = new Map<string, Limit>();
  #leases: Lease[] = [];
  readonly #prefix = `m${serial}-`;
  readonly #tasks = Array.from({ length: 4 }, () => uuid4());

  async open(sizes: readonly number[]): Promise<void> {
    for (const [index, limit] of sizes.entries()) {
      const tag = this.#tag(index);
      await server.request('POST', '/concurrency_limits/', { tag, concurrency_limit: limit });
      this.#limits.set(`tag:${tag}`, { limit, taken: 0 });
    }
  }

  #tag(index: number): string {
    return this.#prefix + index;
  }

  #named(indices: readonly number[]): { all: string[]; limits: Limit[] } {
    const all = indices.map((index) => `tag:${this.#tag(index)}`);
    return { all, limits: all.flatMap((name) => this.#limits.get(name) ?? []) };
  }

  async carryOut(command: Command): Promise<void> {
    switch (command.do) {
      case 'take':
      case 'lease':
        return this.#take(command);
      case 'give': {
        const { all, limits } = this.#named(command.names);
        const body = { names: all, slots: command.slots };
        expect((await server.request('POST', '/v2/concurrency_limits/decrement', body)).status).toBe(200);
        for (const limit of limits) limit.taken = Math.max(0, limit.taken - command.slots);
        return;
      }
      case 'renew':
      case 'release':
        return this.#touch(command.do, this.#leases.filter(({ task }) => task === undefined)[command.lease]);
      case 'tag-take':
        return this.#takeTags(command.tags, this.#tasks[command.task] ?? '');
      case 'tag-give':
        return this.#giveTags(command.tags, this.#tasks[command.task] ?? '');
      case 'tag-reset':
        return this.#reset(command.tag, command.tasks);
      case 'pass':
        now += command.seconds * SECOND;
        await repossessor.run(server.running.core);
        for (const lease of this.#leases.filter(({ expiration }) => expiration < now)) this.#end(lease);
        return;
      case 'change': {
        const name = `tag:${this.#tag(command.name)}`;
        const { status } = await server.request('PATCH', `/v2/concurrency_limits/${name}`, { limit: command.limit });
        const limit = this.#limits.get(name);
        expect(status).toBe(limit ? 204 : 404);
        if (limit) limit.limit = command.limit;
        return;
      }
      case 'delete': {
        const name = `tag:${this.#tag(command.name)}`;
        const known = this.#limits.delete(name);
        expect((await server.request('DELETE', `/v2/concurrency_limits/${name}`)).status).toBe(known ? 204 : 404);
        for (const lease of this.#leases) lease.names = lease.names.map((other) => (other === name ? GONE : other));
      }
    }
  }

  async #take({ names: indices, slots: wanted, ...rest }: Extract<Command, { do: 'take' | 'lease' }>): Promise<void> {
    const { all, limits } = this.#named(indices);
    const seconds = 'seconds' in rest ? rest.seconds : undefined;
    const path = seconds === undefined ? 'increment' : 'increment-with-lease';
    const { status, body } = await server.request<{ lease_id?: string }>('POST', `/v2/concurrency_limits/${path}`, {
      names: all,
      slots: wanted,
      ...(seconds === undefined ? {} : { lease_duration: seconds }),
    });
    const tooMuch = limits.some(({ limit }) => limit < wanted);
    const isFull = limits.some(({ limit, taken }) => taken + wanted > limit);
    expect(status).toBe(tooMuch ? 422 : isFull ? 423 : 200);
    if (status !== 200) return;
    for (const limit of limits) limit.taken += wanted;
    if (seconds !== undefined)
      this.#leases.push({
        id: body.lease_id ?? '',
        names: all.filter((name) => this.#limits.has(name)),
        slots: wanted,
        expiration: now + seconds * SECOND,
      });
  }

  async #touch(what: 'renew' | 'release', lease: Lease | undefined): Promise<void> {
    const id = lease?.id ?? uuid4();
    if (what === 'renew') {
      const { status } = await server.request('POST', `/v2/concurrency_limits/leases/${id}/renew`, { lease_duration: 100 });
      expect(status).toBe(lease ? 204 : 410);
      if (lease) lease.expiration = now + 100 * SECOND;
      return;
    }
    for (const _twice of [1, 2])
      expect((await server.request('POST', '/v2/concurrency_limits/decrement-with-lease', { lease_id: id })).status).toBe(204);
    if (lease) this.#end(lease);
  }

  async #takeTags(indices: readonly number[], task: string): Promise<void> {
    const { all, limits } = this.#named(indices);
    const body = { names: indices.map((index) => this.#tag(index)), task_run_id: task };
    const { status, headers } = await server.request('POST', '/concurrency_limits/increment', body);
    const closed = limits.some(({ limit }) => limit === 0);
    const isFull = limits.some(({ limit, taken }) => taken + 1 > limit);
    expect([status, headers.has('retry-after')]).toEqual(closed || isFull ? [423, !closed] : [200, false]);
    if (status !== 200) return;
    for (const limit of limits) limit.taken += 1;
    const held = all.filter((name) => this.#limits.has(name));
    if (held.length > 0) this.#leases.push({ id: '', names: held, slots: 1, expiration: Number.POSITIVE_INFINITY, task });
  }

  async #giveTags(indices: readonly number[], task: string): Promise<void> {
    const { all } = this.#named(indices);
    const body = { names: indices.map((index) => this.#tag(index)), task_run_id: task };
    expect((await server.request('POST', '/concurrency_limits/decrement', body)).status).toBe(200);
    const known = all.filter((name) => this.#limits.has(name));
    for (const lease of this.#leases.filter((each) => each.task === task && each.names.some((name) => known.includes(name))))
      this.#end(lease);
  }

  async #reset(index: number, tasks: readonly number[]): Promise<void> {
    const name = `tag:${this.#tag(index)}`;
    const holders = tasks.map((task) => this.#tasks[task] ?? '');
    const { status } = await server.request('POST', `/concurrency_limits/tag/${this.#tag(index)}/reset`, {
      slot_override: holders,
    });
    const limit = this.#limits.get(name);
    expect(status).toBe(limit ? 200 : 404);
    if (!limit) return;
    // Whatever was held of it is held no more, also by leases of others.
    const ended = this.#leases.filter((lease) => lease.names.includes(name));
    for (const lease of ended) lease.names = lease.names.filter((other) => other !== name);
    this.#leases = this.#leases.filter((lease) => !ended.includes(lease) || lease.names.length > 0);
    limit.taken = holders.length;
    for (const task of holders)
      this.#leases.push({ id: '', names: [name], slots: 1, expiration: Number.POSITIVE_INFINITY, task });
  }

  #end(lease: Lease): void {
    this.#leases = this.#leases.filter((other) => other !== lease);
    for (const name of lease.names) {
      const limit = this.#limits.get(name);
      if (limit) limit.taken = Math.max(0, limit.taken - lease.slots);
    }
  }

  async check(): Promise<void> {
    for (const [name, { limit, taken }] of this.#limits) {
      const { body } = await server.request<GlobalConcurrencyLimitResponse>('GET', `/v2/concurrency_limits/${name}`);
      expect(body).toMatchObject({ limit, active_slots: taken });
      const { body: tag } = await server.request<ConcurrencyLimit>('GET', `/concurrency_limits/tag/${name.slice(4)}`);
      const holders = this.#leases.flatMap((lease) => (lease.task && lease.names.includes(name) ? [lease.task] : []));
      expect(tag.active_slots?.toSorted()).toEqual(holders.sort());
    }
  }
}

describe('concurrency limits', () => {
  it('count what was taken and given back through either interface, in whatever order', async () => {
    const scene = fc.record({ sizes: fc.array(fc.nat(3), { minLength: 1, maxLength: LIMITS }), script: anyCommands });
    const property = fc.asyncProperty(scene, async ({ sizes, script }) => {
      serial += 1;
      const world = new World();
      await world.open(sizes);
      for (const command of script) {
        await world.carryOut(command);
        await world.check();
      }
    });
    await fc.assert(property, sequences(60));
  }, 600_000);
});
