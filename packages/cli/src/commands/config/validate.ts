import { command } from '../../command.ts';
import { CommandError } from '../../errors.ts';

export const validate = command({
  summary: 'Check the settings, and give those of the profile their present names',
  async run({ session }) {
    const { canonicalName, readProfiles, withProfile, writeProfiles } = await import('prefect-ts/settings');
    const settings = await session.settings();
    const problems = settings.problems();
    if (problems.length > 0)
      throw new CommandError(problems.join(' '), 'Mend them with `prefect config set` or where they are set.');
    const file = readProfiles(settings.profilesPath);
    const own = file.profiles.find(({ name }) => name === settings.profile);
    const older = Object.keys(own?.settings ?? {}).filter((name) => ![undefined, name].includes(canonicalName(name)));
    if (own && older.length > 0) {
      const renamed = Object.fromEntries(
        Object.entries(own.settings)
          .filter(([name]) => older.includes(name))
          .map(([name, value]) => [canonicalName(name), value]),
      );
      const kept = Object.fromEntries(Object.entries(own.settings).filter(([name]) => !older.includes(name)));
      writeProfiles(settings.profilesPath, withProfile(file, { name: own.name, settings: { ...renamed, ...kept } }));
      for (const name of older) session.out.line(`Updated '${name}' to '${canonicalName(name)}'.`);
    }
    session.out.line(session.out.colors.green('Configuration valid!'));
  },
});
