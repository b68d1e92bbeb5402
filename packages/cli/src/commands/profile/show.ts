import { command, optionalArgument, output } from '../../command.ts';
import { CommandError } from '../../errors.ts';

export const ls = command({
  summary: 'List profiles',
  options: { output: output() },
  async run({ options, session: { out, settings: read } }) {
    const { profileNames, readProfiles } = await import('prefect-ts/settings');
    const settings = await read();
    const names = profileNames(readProfiles(settings.profilesPath)).sort();
    if (options.output) return out.json(names.map((name) => ({ name, active: name === settings.profile })));
    for (const name of names) out.line(name === settings.profile ? out.colors.green(`* ${name}`) : `  ${name}`);
    out.line(out.colors.dim('\n* active profile'));
  },
});

export const inspect = command({
  summary: 'Show the settings of a profile',
  arguments: { name: optionalArgument('Name of the profile (default: the active one)') },
  options: { output: output() },
  async run({ args, options, session }) {
    const { canonicalName, profileOf, readProfiles, settingOf } = await import('prefect-ts/settings');
    const settings = await session.settings();
    const profile = profileOf(readProfiles(settings.profilesPath), args.name ?? settings.profile);
    if (!profile) throw new CommandError(`Profile '${args.name ?? settings.profile}' not found.`, 'See `prefect profile ls`.');
    const shown = Object.entries(profile.settings).map(([name, value]) => {
      const setting = canonicalName(name);
      return [name, setting && settingOf(setting).secret ? '********' : value] as const;
    });
    if (options.output) return session.out.json(Object.fromEntries(shown));
    if (shown.length === 0) return session.out.line(`Profile '${profile.name}' is empty.`);
    for (const [name, value] of shown) session.out.line(`${name}='${value}'`);
  },
});
