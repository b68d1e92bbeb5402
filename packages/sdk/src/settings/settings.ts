import { InvalidSettingError } from './errors.ts';
import { SETTING_NAMES, type SettingName, type SettingValue, settingOf } from './table.ts';

export type SettingSource = 'env' | '.env file' | 'prefect.toml' | 'pyproject.toml' | 'profile' | 'defaults';

/** What one source says. The first layer that has a setting decides it. */
export interface SettingsLayer {
  readonly source: SettingSource;
  readonly values: ReadonlyMap<SettingName, unknown>;
}

/** The settings of a process, with where each comes from. A value is checked when it is asked for. */
export class Settings {
  /** Absolute path of `PREFECT_HOME`. */
  readonly home: string;
  /** Absolute path of the file of profiles. */
  readonly profilesPath: string;
  /** Name of the active profile. */
  readonly profile: string;
  /** What was odd and ignored while reading, one sentence each. */
  readonly warnings: readonly string[];
  readonly #layers: readonly SettingsLayer[];

  constructor(
    place: { home: string; profilesPath: string; profile: string },
    layers: readonly SettingsLayer[],
    warnings: string[],
  ) {
    this.home = place.home;
    this.profilesPath = place.profilesPath;
    this.profile = place.profile;
    this.warnings = warnings;
    this.#layers = layers;
  }

  /**
   * The value of a setting.
   *
   * @throws InvalidSettingError when its source gives something of another kind.
   */
  get<N extends SettingName>(name: N): SettingValue<N>;
  get(name: SettingName): unknown {
    if (name === 'PREFECT_HOME') return this.home;
    if (name === 'PREFECT_PROFILES_PATH') return this.profilesPath;
    const layer = this.#layerOf(name);
    if (!layer) return this.#defaultOf(name);
    const raw = layer.values.get(name);
    const { kind } = settingOf(name);
    const value = kind.parse(raw);
    if (value === undefined) throw new InvalidSettingError(name, raw, kind.name, describeSource(layer.source, this.profile));
    return value;
  }

  /** Where the value of a setting comes from. */
  source(name: SettingName): SettingSource {
    return this.#layerOf(name)?.source ?? 'defaults';
  }

  /** The settings that some source gives, in the order of their names. */
  given(): SettingName[] {
    return SETTING_NAMES.filter((name) => this.#layerOf(name)).sort();
  }

  /** The given settings as environment variables, so that a child process has the same settings. */
  toEnvironment(): Record<string, string> {
    const given = this.given().map((name) => {
      const raw = this.#layerOf(name)?.values.get(name);
      return [name, textOf(settingOf(name).kind.parse(raw) ?? raw)] as const;
    });
    return { ...Object.fromEntries(given), PREFECT_HOME: this.home, PREFECT_PROFILES_PATH: this.profilesPath };
  }

  /** These settings with some values on top, as arguments of a command give them; `undefined` changes nothing. */
  with(values: { readonly [N in SettingName]?: SettingValue<N> | undefined }): Settings {
    const given = Object.entries(values).filter(([, value]) => value !== undefined) as [SettingName, unknown][];
    const layers = [{ source: 'env', values: new Map(given) } as const, ...this.#layers];
    return new Settings(this, layers, [...this.warnings]);
  }

  /** One sentence for each given setting whose value is of the wrong kind. */
  problems(): string[] {
    return this.given().flatMap((name) => {
      try {
        this.get(name);
        return [];
      } catch (error) {
        if (error instanceof InvalidSettingError) return [error.message];
        throw error;
      }
    });
  }

  #layerOf(name: SettingName): SettingsLayer | undefined {
    return this.#layers.find((layer) => layer.values.has(name));
  }

  #defaultOf(name: SettingName): unknown {
    const fallback = settingOf(name).default;
    if (typeof fallback !== 'function') return fallback;
    return fallback({ home: this.home, text: (other: SettingName) => textOrNull(this.get(other)) });
  }
}

function describeSource(source: SettingSource, profile: string): string {
  if (source === 'env') return 'the environment';
  return source === 'profile' ? `profile '${profile}'` : source;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
