import { SECOND } from '@prefect-ts/protocol';
import { parseDuration } from './schedules/index.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting has a value that cannot be read. */
export class InvalidSettingError extends Error {
  override readonly name = 'InvalidSettingError';
}

/** Reads settings by their names; the first of several names that is set counts. */
export class SettingReader {
  readonly #environment: Environment;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  text(names: readonly string[]): string | null {
    return this.#find(names)?.value ?? null;
  }

  number(names: readonly string[], fallback: number): number {
    const found = this.#find(names);
    if (!found) return fallback;
    const value = Number(found.value);
    if (!Number.isFinite(value)) throw new InvalidSettingError(`${found.name} is "${found.value}" and should be a number.`);
    return value;
  }

  /** Seconds, or null where nothing is set. */
  optionalSeconds(names: readonly string[]): number | null {
    return this.#find(names) ? this.seconds(names, 0) : null;
  }

  optionalNumber(names: readonly string[]): number | null {
    return this.#find(names) ? this.number(names, 0) : null;
  }

  /** Seconds, as a number or as an ISO 8601 duration. */
  seconds(names: readonly string[], fallback: number): number {
    const found = this.#find(names);
    const duration = found && parseDuration(found.value);
    return duration === undefined ? this.number(names, fallback) : duration / SECOND;
  }

  flag(names: readonly string[], fallback: boolean): boolean {
    const found = this.#find(names);
    if (!found) return fallback;
    const value = found.value.toLowerCase();
    if (['1', 'true', 'yes', 'on', 't', 'y'].includes(value)) return true;
    if (['0', 'false', 'no', 'off', 'f', 'n'].includes(value)) return false;
    throw new InvalidSettingError(`${found.name} is "${found.value}" and should be true or false.`);
  }

  /** A JSON object of seconds. */
  secondsByName(names: readonly string[]): Record<string, number> {
    const found = this.#find(names);
    if (!found) return {};
    const value = jsonOf(found.value);
    if (typeof value !== 'object' || value === null || !Object.values(value).every(Number.isFinite))
      throw new InvalidSettingError(`${found.name} is "${found.value}" and should be a JSON object of names and seconds.`);
    return value as Record<string, number>;
  }

  #find(names: readonly string[]): { name: string; value: string } | undefined {
    for (const name of names) {
      const value = this.#environment[name];
      if (value !== undefined && value !== '') return { name, value };
    }
    return undefined;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
