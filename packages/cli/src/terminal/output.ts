import colors from 'picocolors';
import { layOutTable, type TableColumn } from './table.ts';

type Colors = ReturnType<typeof colors.createColors>;

/** Where a command says things: results on stdout, complaints and warnings on stderr. */
export interface Output {
  readonly colors: Colors;
  /** Whether a person watches stdout. */
  readonly interactive: boolean;
  line(text?: string): void;
  /** Prints a text as it is. */
  write(text: string): void;
  /** The same on stderr. */
  writeError(text: string): void;
  json(value: unknown): void;
  /** Prints an object for people: YAML. */
  object(value: unknown): Promise<void>;
  table<R>(rows: readonly R[], columns: readonly TableColumn<R>[]): void;
  warn(message: string): void;
  complain(message: string, hint: string | undefined): void;
}

export function createOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  const paint = colors.createColors(wantsColors(stdout));
  const paintError = colors.createColors(wantsColors(stderr));
  const line = (text = '') => void stdout.write(`${text}\n`);
  return {
    colors: paint,
    interactive: stdout.isTTY === true,
    line,
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    json: (value) => line(JSON.stringify(value, null, 2)),
    object: async (value) => {
      const { stringify } = await import('yaml');
      line(stringify(value, { lineWidth: 0 }).trimEnd());
    },
    table: (rows, columns) => {
      for (const row of layOutTable(rows, columns, paint, stdout.isTTY ? stdout.columns : undefined)) line(row);
    },
    warn: (message) => void stderr.write(`${paintError.yellow(message)}\n`),
    complain: (message, hint) => {
      stderr.write(`${paintError.red(message)}\n`);
      for (const advice of hint?.split('\n') ?? []) stderr.write(`  ${advice.trim()}\n`);
    },
  };
}

/** https://no-color.org, https://force-color.org and PREFECT_CLI_COLORS. */
function wantsColors(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR || /^(0|f|false|n|no|off)$/i.test(process.env.PREFECT_CLI_COLORS ?? '')) return false;
  if (process.env.FORCE_COLOR && process.env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}
