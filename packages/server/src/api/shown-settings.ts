import { join } from 'node:path';
import { contract, type JsonSchema } from '@prefect-ts/protocol/contract';
import type { ServerSettings } from '../settings.ts';

/** What stands for a secret of the settings. */
const HIDDEN = '**********';

/** One setting, as the contract document describes it. */
interface SettingSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly SettingSchema[];
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  /** The names under which it can be set. */
  readonly supported_environment_variables?: readonly string[];
}

/** Every setting that the contract knows with the value that it has here, secrets hidden. */
export function shownSettings(settings: ServerSettings): Record<string, unknown> {
  return section('Settings', '', settings.environment, madeHere(settings));
}

/** What follows from other settings, or is not up to the settings. */
function madeHere({ home, host, port, apiBasePath, publicApiUrl }: ServerSettings): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ['home', home],
    ['profiles_path', join(home, 'profiles.toml')],
    ['logging.config_path', join(home, 'logging.yml')],
    ['results.local_storage_path', join(home, 'storage')],
    ['server.memo_store_path', join(home, 'memo_store.toml')],
    ['server.database.connection_url', HIDDEN],
    ['server.ui.api_url', publicApiUrl ?? `http://${host}:${port}${apiBasePath}`],
    // This server tells nobody how it is used, whatever the setting says.
    ['server.analytics_enabled', false],
  ]);
}

type Environment = ServerSettings['environment'];

function section(
  name: string,
  path: string,
  environment: Environment,
  made: ReadonlyMap<string, unknown>,
): Record<string, unknown> {
  const schema = contract.components.schemas[name] as JsonSchema & SettingSchema;
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([member, setting]) => {
      const place = path + member;
      const inner = setting.$ref?.split('/').pop();
      if (inner) return [member, section(inner, `${place}.`, environment, made)];
      return [member, made.has(place) ? made.get(place) : shown(setting, environment)];
    }),
  );
}

function shown(setting: SettingSchema, environment: Environment): unknown {
  const kinds = setting.anyOf ?? [setting];
  const has = (type: string) => kinds.some((kind) => kind.type === type);
  const text = given(setting, environment);
  if (text === undefined) return setting.default ?? (has('array') ? [] : has('object') ? {} : null);
  if (kinds.some((kind) => kind.format === 'password') || has('object')) return has('object') ? {} : HIDDEN;
  if (setting.format === 'duration') return isoDuration(text);
  if (has('boolean') && isFlag(text)) return ['1', 'true', 'yes', 'on', 't', 'y'].includes(text.toLowerCase());
  if ((has('integer') || has('number')) && Number.isFinite(Number(text))) return Number(text);
  if (has('array')) return text.split(',').map((item) => item.trim());
  return withoutPassword(text);
}

function given({ supported_environment_variables: names = [] }: SettingSchema, environment: Environment): string | undefined {
  return names.map((name) => environment[name]).find((value) => value !== undefined && value !== '');
}

function isFlag(text: string): boolean {
  return /^(?:1|0|true|false|yes|no|on|off|t|f|y|n)$/i.test(text);
}

const UNITS = [
  ['D', 86_400],
  ['H', 3600],
  ['M', 60],
] as const;

/** Seconds, or what is an ISO duration already. */
function isoDuration(text: string): string {
  let seconds = Number(text);
  if (!Number.isFinite(seconds)) return text;
  const parts = UNITS.map(([unit, size]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return count > 0 ? `${count}${unit}` : '';
  });
  const [days = '', ...times] = parts;
  const time = [...times, seconds > 0 ? `${seconds}S` : ''].join('');
  return days || time ? `P${days}${time ? `T${time}` : ''}` : 'PT0S';
}

function withoutPassword(text: string): string {
  return text.replace(/:\/\/[^@/]*@/, `://${HIDDEN}@`);
}
