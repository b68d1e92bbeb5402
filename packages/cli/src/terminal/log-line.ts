import { stripVTControlCharacters } from 'node:util';
import type { Log } from '@prefect-ts/protocol';
import type { Output } from './output.ts';
import { clockTime } from './time.ts';

const LEVELS: readonly (readonly [number, string])[] = [
  [50, 'CRITICAL'],
  [40, 'ERROR'],
  [30, 'WARNING'],
  [20, 'INFO'],
  [10, 'DEBUG'],
];

/** A log as one line: time, level, what it is about, message. */
export function logLine({ colors }: Output, log: Log, subject: string): string {
  const level = LEVELS.find(([least]) => log.level >= least)?.[1] ?? 'NOTSET';
  const paint = log.level >= 40 ? colors.red : log.level >= 30 ? colors.yellow : log.level >= 20 ? colors.cyan : colors.gray;
  return `${clockTime(log.timestamp)} | ${paint(level.padEnd(7))} | ${subject} - ${stripVTControlCharacters(log.message)}`;
}
