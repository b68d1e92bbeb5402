import type { ProfilesFile, SettingName } from 'prefect-ts/settings';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';

/** Changes settings of the active profile and writes it, once all its values are known to be good; `undefined` removes one. */
export async function changeSetting(
  session: Session,
  changes: Readonly<Partial<Record<SettingName, string | undefined>>>,
): Promise<void> {
  const { canonicalName, profileOf, readProfiles, settingOf, withProfile, writeProfiles } = await import('prefect-ts/settings');
  const settings = await session.settings();
  const file: ProfilesFile = readProfiles(settings.profilesPath);
  const touched = new Set<string | undefined>(Object.keys(changes));
  const kept = Object.entries(profileOf(file, settings.profile)?.settings ?? {}).filter(
    ([name]) => !touched.has(canonicalName(name)),
  );
  const added = Object.entries(changes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  for (const [name, value] of [...kept, ...added]) {
    const setting = canonicalName(name);
    const kind = setting && settingOf(setting).kind;
    if (kind && kind.parse(value) === undefined) {
      throw new CommandError(
        `${name} must be ${kind.name}, but '${value}' is not.`,
        `Nothing was changed in profile '${settings.profile}'.`,
      );
    }
  }
  writeProfiles(
    settings.profilesPath,
    withProfile(file, { name: settings.profile, settings: Object.fromEntries([...kept, ...added]) }),
  );
}

/** The canonical name of a setting that a profile may hold. */
export async function profileSetting(name: string): Promise<SettingName> {
  const { canonicalName } = await import('prefect-ts/settings');
  const setting = canonicalName(name);
  if (!setting)
    throw new CommandError(`Unknown setting name '${name}'.`, 'See `prefect config view --show-defaults` for all names.');
  if (setting === 'PREFECT_HOME' || setting === 'PREFECT_PROFILES_PATH') {
    throw new CommandError(
      `${setting} cannot be set in a profile: it says where the profiles are.`,
      'Set it in the environment.',
    );
  }
  return setting;
}
