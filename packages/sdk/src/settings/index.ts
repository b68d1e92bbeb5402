export { InvalidSettingError, UnreadableSettingsFileError } from './errors.ts';
export { type LoadSettingsOptions, loadSettings } from './load.ts';
export {
  BUILT_IN_PROFILES,
  type Profile,
  type ProfilesFile,
  parseProfile,
  profileNames,
  profileOf,
  readProfiles,
  withoutProfile,
  withProfile,
  writeProfiles,
} from './profiles.ts';
export type { KnownSettings, Setting } from './setting.ts';
export { type SettingSource, Settings, type SettingsLayer } from './settings.ts';
export { canonicalName, SETTING_NAMES, SETTINGS, type SettingName, type SettingValue, settingOf } from './table.ts';
