import { command, manyArguments } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { changeSetting, profileSetting } from './change.ts';

export const set = command({
  summary: 'Change settings of the active profile',
  arguments: { settings: manyArguments('One or more NAME=VALUE') },
  async run({ args, session }) {
    const pairs = await Promise.all(
      args.settings.map(async (word) => {
        const at = word.indexOf('=');
        if (at < 1) throw new CommandError(`Failed to parse argument '${word}'. Use the format 'VAR=VAL'.`);
        return [await profileSetting(word.slice(0, at)), word.slice(at + 1)] as const;
      }),
    );
    await changeSetting(session, Object.fromEntries(pairs));
    const settings = await session.settings();
    for (const [name, value] of pairs) {
      session.out.line(`Set '${name}' to '${value}'.`);
      const source = settings.source(name);
      if (source !== 'profile' && source !== 'defaults') {
        const place = source === 'env' ? 'the environment' : source;
        session.out.warn(`${name} is also set by ${place}, which wins over the profile.`);
      }
    }
    session.out.line(session.out.colors.green(`Updated profile '${settings.profile}'.`));
  },
});
