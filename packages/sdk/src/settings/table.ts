import { CLIENT_SETTINGS } from './client-table.ts';
import { SERVER_SETTINGS } from './server-table.ts';
import { SERVICE_SETTINGS } from './service-table.ts';
import type { Setting } from './setting.ts';

/** Every setting once, by its canonical name, which is also its name in the environment. */
export const SETTINGS = { ...CLIENT_SETTINGS, ...SERVER_SETTINGS, ...SERVICE_SETTINGS } as const;

export type SettingName = keyof typeof SETTINGS;

/** The type of a setting's value, for example `number` for `PREFECT_CLIENT_MAX_RETRIES`. */
export type SettingValue<N extends SettingName> = (typeof SETTINGS)[N] extends Setting<infer T> ? T : never;

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** The row of a setting, without the type of its value. */
export function settingOf(name: SettingName): Setting {
  return SETTINGS[name];
}

const BY_ANY_NAME: ReadonlyMap<string, SettingName> = new Map([
  ...SETTING_NAMES.flatMap((name) => settingOf(name).aliases.map((alias) => [alias, name] as const)),
  ...SETTING_NAMES.map((name) => [name, name] as const),
]);

/** @returns the canonical name for a canonical or older name in any case, or `undefined` when there is no such setting. */
export function canonicalName(name: string): SettingName | undefined {
  return BY_ANY_NAME.get(name.toUpperCase());
}
