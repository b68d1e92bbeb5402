import fc from 'fast-check';
import type { TestServer } from '../server.ts';

/**
 * How many sequences of commands a model is shown, and which. The same ones each time, unless `PREFECT_TEST_MODEL_SEED` and
 * `PREFECT_TEST_MODEL_RUNS` say otherwise: a failure prints its seed and the shortest sequence that fails.
 */
export function sequences(numRuns: number) {
  const { PREFECT_TEST_MODEL_SEED: seed, PREFECT_TEST_MODEL_RUNS: runs } = process.env;
  return { seed: Number(seed ?? 1), numRuns: Number(runs ?? numRuns), verbose: 1 } as const;
}

/** Lists of commands, long ones as likely as short ones. */
export function commands<Command>(...kinds: fc.Arbitrary<Command>[]): fc.Arbitrary<Command[]> {
  return fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 30, size: 'max' });
}

/** What leases there are, and how many slots each limit says are taken. */
export async function slotTable({ running: { core } }: TestServer) {
  const db = core.storage.builder;
  const leases = await core.read.all(db.selectFrom('concurrency_lease').selectAll());
  const limits = await core.read.all(db.selectFrom('concurrency_limit').selectAll());
  return {
    leases: leases.map((lease) => ({ ...lease, limitIds: JSON.parse(lease.resource_ids) as string[] })),
    limits: new Map(limits.map((limit) => [limit.id, limit])),
  };
}
