/** A place for what a worker or runner has to say about itself. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

const LEVELS = { debug: 10, info: 20, warning: 30, error: 40 } as const;

export interface ConsoleLoggerOptions {
  /** The lowest level that shows. Default `info`. */
  level?: keyof typeof LEVELS;
  write?: (line: string) => void;
}

/** Writes lines like `14:03:12.345 | INFO    | prefect.worker - …` to standard error. */
export function consoleLogger(name: string, options: ConsoleLoggerOptions = {}): Logger {
  const { level = 'info', write = (line: string) => process.stderr.write(line) } = options;
  const logAt = (at: keyof typeof LEVELS) => (message: string) => {
    if (LEVELS[at] >= LEVELS[level]) write(`${localTime(new Date())} | ${at.toUpperCase().padEnd(7)} | ${name} - ${message}\n`);
  };
  return { debug: logAt('debug'), info: logAt('info'), warning: logAt('warning'), error: logAt('error') };
}

function localTime(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const millis = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${millis}`;
}
