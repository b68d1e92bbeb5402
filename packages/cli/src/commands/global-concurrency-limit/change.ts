import type { ConcurrencyLimitV2Update } from '@prefect-ts/protocol';
import { command, flag } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { limitOptions } from './create.ts';
import { findLimit, limitName } from './show.ts';

export const enable = command({
  summary: 'Let a global concurrency limit take effect',
  arguments: { name: limitName },
  run: ({ args, session }) => switchTo(session, args.name, true),
});

export const disable = command({
  summary: 'Keep a global concurrency limit without effect',
  arguments: { name: limitName },
  run: ({ args, session }) => switchTo(session, args.name, false),
});

export const update = command({
  summary: 'Change a global concurrency limit',
  arguments: { name: limitName },
  options: {
    enable: flag('--enable', 'Let it take effect'),
    disable: flag('--disable', 'Keep it without effect'),
    ...limitOptions,
  },
  async run({ args: { name }, options, session }) {
    if (options.enable && options.disable) throw new UsageError('--enable and --disable do not go together.');
    const changes: ConcurrencyLimitV2Update = {
      ...(options.enable || options.disable ? { active: options.enable } : {}),
      ...(options.limit === undefined ? {} : { limit: options.limit }),
      ...(options.activeSlots === undefined ? {} : { active_slots: options.activeSlots }),
      ...(options.slotDecayPerSecond === undefined ? {} : { slot_decay_per_second: options.slotDecayPerSecond }),
    };
    if (Object.keys(changes).length === 0) {
      throw new CommandError(
        'Nothing to update.',
        'Give --limit, --active-slots, --slot-decay-per-second, --enable or --disable.',
      );
    }
    await change(session, name, changes);
    session.out.line(session.out.colors.green(`Updated global concurrency limit with name '${name}'.`));
  },
});

async function switchTo(session: Session, name: string, active: boolean): Promise<void> {
  const word = active ? 'enabled' : 'disabled';
  if ((await findLimit(session, name)).active === active)
    throw new CommandError(`Global concurrency limit with name '${name}' is already ${word}.`);
  await change(session, name, { active });
  const { out } = session;
  out.line(out.colors.green(`${active ? 'Enabled' : 'Disabled'} global concurrency limit with name '${name}'.`));
}

async function change(session: Session, name: string, body: ConcurrencyLimitV2Update): Promise<void> {
  const { id } = await findLimit(session, name);
  const client = await session.client();
  await client.call('PATCH /v2/concurrency_limits/{id_or_name}', { path: { id_or_name: id }, body });
}
