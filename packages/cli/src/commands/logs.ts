import type { Log, LogFilter } from '@prefect-ts/protocol';
import { readPages } from '../answers.ts';
import { flag, output, positive, value } from '../command.ts';
import { UsageError } from '../errors.ts';
import type { Session } from '../session.ts';
import { logLine } from '../terminal/log-line.ts';

/** The options of commands that print logs. */
export const logOptions = {
  head: flag('-h, --head', 'Only the first 20'),
  tail: flag('-t, --tail', 'Only the last 20'),
  numLogs: value('-n, --num-logs <n>', 'How many, in place of all (with --head and --tail: of 20)', positive),
  reverse: flag('-r, --reverse', 'Newest first'),
  output: output(),
};

export interface LogChoice {
  readonly head: boolean;
  readonly tail: boolean;
  readonly numLogs: number | undefined;
  readonly reverse: boolean;
  readonly output: 'json' | undefined;
}

/** Prints the logs of one run, oldest first unless asked otherwise. */
export async function tellLogs(session: Session, filter: LogFilter, choice: LogChoice, subject: string): Promise<void> {
  if (choice.head && choice.tail) throw new UsageError('Please provide either --head or --tail, not both.');
  if (choice.tail && choice.reverse) throw new UsageError('--tail and --reverse do not go together.');
  const count = choice.numLogs ?? (choice.head || choice.tail ? 20 : Number.POSITIVE_INFINITY);
  const newestFirst = choice.tail || choice.reverse;
  const logs = await readLogs(session, filter, count, newestFirst);
  if (choice.tail) logs.reverse();
  if (choice.output) session.out.json(logs);
  else for (const log of logs) session.out.line(logLine(session.out, log, subject));
}

async function readLogs(session: Session, filter: LogFilter, count: number, newestFirst: boolean): Promise<Log[]> {
  const client = await session.client();
  return readPages(count, (slice) =>
    client.call('POST /logs/filter', {
      body: { ...slice, logs: filter, sort: newestFirst ? 'TIMESTAMP_DESC' : 'TIMESTAMP_ASC' },
    }),
  );
}
