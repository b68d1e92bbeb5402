import { releaseExpiredLease } from '../resources/concurrency-limits/leases.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

const LEASES_AT_ONCE = 100;

/** Gives back the slots of leases that nobody renewed in time. Contract: orchestration 17.6. */
export const repossessor: Service = {
  name: 'repossessor',
  every: ({ repossessor }) => (repossessor.enabled ? repossessor.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'repossessor', core.settings.repossessor.loopSeconds))) return;
    let expired: { id: string }[];
    do {
      expired = await core.scan.all(
        core.storage.builder
          .selectFrom('concurrency_lease')
          .select('id')
          .where('expiration', '<', core.clock())
          .orderBy('expiration')
          .limit(LEASES_AT_ONCE),
      );
      for (const { id } of expired) await core.write((unit) => releaseExpiredLease(unit, id));
    } while (expired.length === LEASES_AT_ONCE);
  },
};
