import type { Micros } from '@prefect-ts/protocol';
import type { LevelName } from './levels.ts';

let waiting = '';

/** Writes `12:30:01.250 | INFO    | Flow run 'happy-fox' - message` to standard error. Lines of one turn of the loop go out together. */
export function writeConsoleLine(time: Micros, level: LevelName, label: string, message: string): void {
  if (waiting === '') setImmediate(writeWaitingLines);
  waiting += `${clock(time)} | ${level.padEnd(7)} | ${label} - ${message}\n`;
}

/** Writes what waits, at once; for the last lines before the process goes. */
export function writeWaitingLines(): void {
  const text = waiting;
  waiting = '';
  if (text !== '') process.stderr.write(text);
}

let clockSecond = -1;
let clockText = '';

function clock(time: Micros): string {
  const millis = Math.floor(time / 1000);
  const second = Math.floor(millis / 1000);
  if (second !== clockSecond) {
    clockSecond = second;
    clockText = new Date(millis).toTimeString().slice(0, 8);
  }
  return `${clockText}.${String(millis % 1000).padStart(3, '0')}`;
}
