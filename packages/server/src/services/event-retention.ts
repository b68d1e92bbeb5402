import { SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

/** Deletes events that are too old, a few with each transaction. Contract: events 4.3. */
export const eventRetention: Service = {
  name: 'event-retention',
  every: ({ eventRetention }) => (eventRetention.enabled ? eventRetention.loopSeconds : null),
  async run(core) {
    const { loopSeconds, seconds, overrides } = core.settings.eventRetention;
    if (!(await claimRound(core, 'event-retention', loopSeconds))) return;
    let deleted = await deleteOlder(core, seconds, null);
    for (const [event, shorter] of Object.entries(overrides))
      if (shorter < seconds) deleted += await deleteOlder(core, shorter, event);
    if (deleted > 0) core.log.info({ events: deleted }, 'deleted old events');
  },
};

/** They are found beside the writer and deleted by their keys, so that a large clean-up holds nobody up. */
async function deleteOlder(core: Core, seconds: number, event: string | null): Promise<number> {
  const { eventsAtOnce } = core.settings.eventRetention;
  let query = core.storage.builder
    .selectFrom('event')
    .select('position')
    .where('occurred', '<', core.clock() - seconds * SECOND)
    // The position of the next event follows from the newest.
    .where('position', '<', (select) =>
      select.selectFrom('event as newest').select(({ fn }) => fn.max('position').as('position')),
    )
    .orderBy('occurred')
    .limit(eventsAtOnce);
  if (event !== null) query = query.where('event', '=', event);
  let deleted = 0;
  let positions: number[];
  do {
    positions = (await core.scan.all(query)).map(({ position }) => position);
    if (positions.length > 0)
      deleted += await core.write((unit) => unit.run(unit.db.deleteFrom('event').where('position', 'in', positions)));
  } while (positions.length === eventsAtOnce);
  return deleted;
}
