import { SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';

/**
 * Claims a round of a service for this server, so that a group of servers makes it once. A claim lapses by itself when its server dies.
 *
 * @param seconds how long the claim holds; the round should be over well before.
 */
export async function claimRound(core: Core, name: string, seconds: number): Promise<boolean> {
  if (core.storage.dialect.name === 'sqlite') return true;
  return core.write(async (unit) => {
    const claim = { holder: core.serverId, expiration: unit.now + seconds * SECOND };
    const changed = await unit.run(
      unit.db
        .insertInto('service_lease')
        .values({ name, ...claim })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet(claim)
            .where((where) =>
              where.or([where('service_lease.expiration', '<', unit.now), where('service_lease.holder', '=', core.serverId)]),
            ),
        ),
    );
    return changed > 0;
  });
}
