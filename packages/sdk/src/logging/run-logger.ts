import { inspect } from 'node:util';
import { formatTimestamp, nowMicros } from '@prefect-ts/protocol';
import type { Session } from '../session/session.ts';
import { writeConsoleLine } from './console.ts';
import { LEVELS, type LevelName } from './levels.ts';

/** Writes logs of a run: to standard error, and to the API. */
export interface Logger {
  debug(message: unknown, ...extras: unknown[]): void;
  info(message: unknown, ...extras: unknown[]): void;
  warn(message: unknown, ...extras: unknown[]): void;
  error(message: unknown, ...extras: unknown[]): void;
  critical(message: unknown, ...extras: unknown[]): void;
  log(level: LevelName, message: unknown, ...extras: unknown[]): void;
}

/** Which run the lines belong to. */
export interface LogTarget {
  readonly name: 'prefect.flow_runs' | 'prefect.task_runs';
  readonly flowRunId: string | null;
  readonly taskRunId: string | null;
  /** How the console names the run; asked at each line, since a run may be renamed. */
  readonly label: () => string;
}

/**
 * The logger of a run. The message goes to the API; extras that are errors add their stack to it, other extras are shown on the
 * console only.
 */
export class RunLogger implements Logger {
  readonly #session: Session;
  readonly #target: LogTarget;

  constructor(session: Session, target: LogTarget) {
    this.#session = session;
    this.#target = target;
  }

  debug(message: unknown, ...extras: unknown[]): void {
    this.log('DEBUG', message, ...extras);
  }
  info(message: unknown, ...extras: unknown[]): void {
    this.log('INFO', message, ...extras);
  }
  warn(message: unknown, ...extras: unknown[]): void {
    this.log('WARNING', message, ...extras);
  }
  error(message: unknown, ...extras: unknown[]): void {
    this.log('ERROR', message, ...extras);
  }
  critical(message: unknown, ...extras: unknown[]): void {
    this.log('CRITICAL', message, ...extras);
  }

  log(level: LevelName, message: unknown, ...extras: unknown[]): void {
    const number = LEVELS[level];
    if (number < this.#session.logLevel) return;
    const time = nowMicros();
    const text = [textOf(message), ...extras.filter((extra) => extra instanceof Error).map(stackOf)].join('\n');
    const shown = extras.filter((extra) => !(extra instanceof Error));
    writeConsoleLine(time, level, this.#target.label(), shown.length > 0 ? `${text} ${shown.map(textOf).join(' ')}` : text);
    this.#sendToApi(number, text, formatTimestamp(time));
  }

  /** Writes to the console and not to the API. */
  local(level: LevelName, message: string): void {
    if (LEVELS[level] >= this.#session.logLevel) writeConsoleLine(nowMicros(), level, this.#target.label(), message);
  }

  #sendToApi(level: number, text: string, timestamp: string): void {
    if (!this.#session.logsToApi || this.#target.flowRunId === null) return;
    this.#session.logs.send({
      name: this.#target.name,
      level,
      message: this.#session.masked(text),
      timestamp,
      flow_run_id: this.#target.flowRunId,
      task_run_id: this.#target.taskRunId,
    });
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return stackOf(value);
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}

/** An error with its stack and its causes, as text. */
function stackOf(error: unknown): string {
  return error instanceof Error ? inspect(error) : textOf(error);
}
