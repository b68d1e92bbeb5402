import { command, flag, manyArguments } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { confirm } from '../../terminal/confirm.ts';
import { changeSetting, profileSetting } from './change.ts';

export const unset = command({
  summary: 'Remove settings from the active profile',
  arguments: { settingNames: manyArguments('One or more names') },
  options: { yes: flag('-y, --yes', 'Do not ask') },
  async run({ args, options, session }) {
    const { canonicalName, profileOf, readProfiles } = await import('prefect-ts/settings');
    const settings = await session.settings();
    const held = Object.keys(profileOf(readProfiles(settings.profilesPath), settings.profile)?.settings ?? {}).map(canonicalName);
    const names = await Promise.all(args.settingNames.map(profileSetting));
    const missing = names.find((name) => !held.includes(name));
    if (missing) throw new CommandError(`'${missing}' is not set in profile '${settings.profile}'.`);
    if (!options.yes) await confirm(session, `Unset ${names.join(', ')} in profile '${settings.profile}'?`);
    await changeSetting(session, Object.fromEntries(names.map((name) => [name, undefined])));
    for (const name of names) session.out.line(`Unset '${name}'.`);
    session.out.line(session.out.colors.green(`Updated profile '${settings.profile}'.`));
  },
});
