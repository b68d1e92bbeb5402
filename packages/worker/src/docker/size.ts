import { DockerConfigurationError } from './configuration.ts';

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * Reads an amount of memory as Docker writes it, in bytes: `512m`, `2g`, `1.5gb`, `1048576`, `-1`.
 *
 * @param variable where it stands, for the error
 */
export function parseSize(value: unknown, variable: string): number {
  if (typeof value === 'number') return value;
  const [, amount, unit] = /^\s*(-?\d+(?:\.\d+)?)\s*([bkmgt]?)b?\s*$/i.exec(String(value)) ?? [];
  if (amount === undefined) {
    throw new DockerConfigurationError(`${variable}: '${value}' is not an amount of memory; write for example 512m or 2g.`);
  }
  return Math.floor(Number(amount) * (UNITS[(unit || 'b').toLowerCase()] ?? 1));
}
