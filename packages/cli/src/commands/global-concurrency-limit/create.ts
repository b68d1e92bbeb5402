import { hasStatus } from '../../answers.ts';
import { command, flag, needed, notNegative, value, wholeNotNegative } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { limitName } from './show.ts';

/** The numbers of a limit, as options. */
export const limitOptions = {
  limit: value('-l, --limit <n>', 'Number of slots', wholeNotNegative),
  activeSlots: value('--active-slots <n>', 'Number of slots that are taken', wholeNotNegative),
  slotDecayPerSecond: value('--slot-decay-per-second <n>', 'How many slots come back in a second by themselves', notNegative),
};

export const create = command({
  summary: 'Make a global concurrency limit',
  arguments: { name: limitName },
  options: { ...limitOptions, limit: needed(limitOptions.limit), disable: flag('--disable', 'Make it without effect for now') },
  async run({ args: { name }, options, session }) {
    const client = await session.client();
    const body = {
      name,
      limit: options.limit,
      active: !options.disable,
      active_slots: options.activeSlots ?? 0,
      slot_decay_per_second: options.slotDecayPerSecond ?? 0,
    };
    try {
      const { id } = await client.call('POST /v2/concurrency_limits/', { body });
      session.out.line(session.out.colors.green(`Created global concurrency limit with name '${name}' and ID '${id}'.`));
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      throw new CommandError(`Global concurrency limit '${name}' already exists.`, 'Change it with `prefect gcl update`.');
    }
  },
});
