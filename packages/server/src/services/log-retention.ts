import { type Micros, SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

/** Deletes lines of log that are older than they are kept for, whatever becomes of their runs, some with each transaction. */
export const logRetention: Service = {
  name: 'log-retention',
  every: ({ logRetention }) => (logRetention.seconds === null ? null : logRetention.loopSeconds),
  async run(core, signal) {
    const { loopSeconds, seconds } = core.settings.logRetention;
    if (seconds === null || !(await claimRound(core, 'log-retention', loopSeconds))) return;
    const before = core.clock() - seconds * SECOND;
    const deleted =
      core.storage.dialect.name === 'sqlite' ? await inOrder(core, before, signal) : await byBlocks(core, before, signal);
    if (deleted > 0) core.log.info({ lines: deleted }, 'deleted old lines of log');
  },
};

/** In SQLite lines lie in the order in which they came: the oldest are at the beginning, and the first batch without an old one is the end. */
async function inOrder(core: Core, before: Micros, signal: AbortSignal | undefined): Promise<number> {
  let [deleted, after] = [0, -1];
  while (!signal?.aborted) {
    const batch = await core.scan.all(
      core.storage.builder
        .selectFrom('log')
        .select([sql<number>`rowid`.as('key'), 'timestamp'])
        .where(sql<boolean>`rowid > ${after}`)
        .orderBy(sql`rowid`)
        .limit(core.settings.logRetention.rowsAtOnce),
    );
    const [first, last] = [batch[0], batch.at(-1)];
    if (!first || !last || batch.every(({ timestamp }) => timestamp >= before)) break;
    const range = sql<boolean>`rowid between ${first.key} and ${last.key}`;
    deleted += await core.write((unit) => unit.run(unit.db.deleteFrom('log').where(range).where('timestamp', '<', before)));
    after = last.key;
  }
  return deleted;
}

/** In PostgreSQL a summary of each range of blocks tells where old lines are; see the step 7 of the schema. */
async function byBlocks(core: Core, before: Micros, signal: AbortSignal | undefined): Promise<number> {
  const { rowsAtOnce } = core.settings.logRetention;
  let total = 0;
  while (!signal?.aborted) {
    const old = sql<boolean>`ctid = any(array(select ctid from log where timestamp < ${before} limit ${rowsAtOnce}))`;
    const deleted = await core.write((unit) => unit.run(unit.db.deleteFrom('log').where(old)));
    total += deleted;
    if (deleted < rowsAtOnce) break;
  }
  return total;
}
