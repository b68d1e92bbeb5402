import type { ProfilesFile } from 'prefect-ts/settings';
import { argument, command, text } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { confirm } from '../../terminal/confirm.ts';

export const create = command({
  summary: 'Make a profile',
  arguments: { name: argument('Name of the profile') },
  options: { from: text('--from <profile>', 'Copy the settings of this one') },
  async run({ args: { name }, options: { from }, session }) {
    const { profileOf, withProfile } = await import('prefect-ts/settings');
    await rewrite(session, (file) => {
      if (profileOf(file, name)) {
        throw new CommandError(
          `Profile '${name}' already exists.`,
          `To make it anew, delete it first: prefect profile delete '${name}'`,
        );
      }
      const source = from === undefined ? { settings: {} } : profileOf(file, from);
      if (!source) throw new CommandError(`Profile '${from}' not found.`);
      return withProfile(file, { name, settings: source.settings });
    });
    session.out.line(`Created profile '${name}'${from ? ` from '${from}'` : ''}.`);
    session.out.line(`\nUse it:\n\n\tprefect profile use '${name}'`);
  },
});

export const use = command({
  summary: 'Make a profile the active one',
  arguments: { name: argument('Name of the profile') },
  async run({ args: { name }, session }) {
    const { profileOf } = await import('prefect-ts/settings');
    await rewrite(session, (file) => {
      if (!profileOf(file, name)) throw new CommandError(`Profile '${name}' not found.`, 'See `prefect profile ls`.');
      return { ...file, active: name };
    });
    session.out.line(session.out.colors.green(`Profile '${name}' is now active.`));
    if (process.env.PREFECT_PROFILE && process.env.PREFECT_PROFILE !== name) {
      session.out.warn(`PREFECT_PROFILE='${process.env.PREFECT_PROFILE}' in the environment wins over it.`);
    }
  },
});

export const rename = command({
  summary: 'Give a profile another name',
  arguments: { name: argument('Present name'), newName: argument('New name') },
  async run({ args: { name, newName }, session }) {
    const { profileOf, withoutProfile, withProfile } = await import('prefect-ts/settings');
    await rewrite(session, (file) => {
      const profile = profileOf(file, name);
      if (!profile) throw new CommandError(`Profile '${name}' not found.`, 'See `prefect profile ls`.');
      if (profileOf(file, newName)) throw new CommandError(`Profile '${newName}' already exists.`);
      const renamed = withProfile(withoutProfile(file, name), { name: newName, settings: profile.settings });
      return file.active === name ? { ...renamed, active: newName } : renamed;
    });
    session.out.line(session.out.colors.green(`Renamed profile '${name}' to '${newName}'.`));
  },
});

export const deleteProfile = command({
  summary: 'Delete a profile',
  arguments: { name: argument('Name of the profile') },
  async run({ args: { name }, session }) {
    const { BUILT_IN_PROFILES, profileOf, withoutProfile } = await import('prefect-ts/settings');
    const { profile: active } = await session.settings();
    await rewrite(session, async (file) => {
      if (!profileOf(file, name)) throw new CommandError(`Profile '${name}' not found.`, 'See `prefect profile ls`.');
      if (name === active)
        throw new CommandError(
          `Profile '${name}' is the active profile.`,
          'Make another one active first: prefect profile use NAME',
        );
      if (!file.profiles.some((profile) => profile.name === name)) {
        throw new CommandError(`Profile '${name}' is built in and cannot be deleted.`);
      }
      await confirm(session, `Delete profile '${name}'?`);
      return withoutProfile(file, name);
    });
    const builtIn = BUILT_IN_PROFILES.some((profile) => profile.name === name);
    session.out.line(
      session.out.colors.green(builtIn ? `Profile '${name}' is as it was built in.` : `Removed profile '${name}'.`),
    );
  },
});

export const populateDefaults = command({
  summary: 'Write the built-in profiles into the file of profiles',
  async run({ session }) {
    const { BUILT_IN_PROFILES, profileOf, withProfile } = await import('prefect-ts/settings');
    const { profilesPath } = await session.settings();
    await rewrite(session, (file) =>
      BUILT_IN_PROFILES.reduce(
        (filled, { name }) => withProfile(filled, profileOf(filled, name) ?? { name, settings: {} }),
        file,
      ),
    );
    session.out.line(session.out.colors.green(`Profiles updated in ${profilesPath}`));
  },
});

async function rewrite(session: Session, change: (file: ProfilesFile) => ProfilesFile | Promise<ProfilesFile>): Promise<void> {
  const { readProfiles, writeProfiles } = await import('prefect-ts/settings');
  const { profilesPath } = await session.settings();
  const problems: string[] = [];
  const file = readProfiles(profilesPath, problems);
  if (problems.length > 0) throw new CommandError(problems.join(' '), 'Mend or remove the file; it would be lost otherwise.');
  writeProfiles(profilesPath, await change(file));
}
