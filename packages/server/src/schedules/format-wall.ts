import { type Micros, SECOND } from '@prefect-ts/protocol';

/**
 * Writes an instant as a clock at some offset shows it, with microseconds only when they are not zero.
 *
 * @param zero how an offset of zero is written.
 */
export function formatWall(instant: Micros, offset: Micros, separator: 'T' | ' ', zero: 'Z' | '+00:00'): string {
  const wall = instant + offset;
  const second = Math.floor(wall / SECOND);
  const iso = new Date(second * 1000).toISOString();
  const micros = wall - second * SECOND;
  const fraction = micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`;
  return `${iso.slice(0, 10)}${separator}${iso.slice(11, 19)}${fraction}${offset === 0 ? zero : formatOffset(offset)}`;
}

function formatOffset(offset: Micros): string {
  const seconds = Math.abs(offset) / SECOND;
  const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0'));
  if (parts[2] === '00') parts.pop();
  return (offset < 0 ? '-' : '+') + parts.join(':');
}
