import { parseArgs } from 'node:util';

/** Which servers can be measured. */
const SERVER_NAMES = ['ours', 'reference', 'limit'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

/** Where the servers may keep everything. */
const DATABASES = ['sqlite', 'postgres'] as const;
export type Database = (typeof DATABASES)[number];

/** What a person asked `npm run bench` for. */
export interface BenchOptions {
  readonly servers: readonly ServerName[];
  readonly database: Database;
  /** Names of measures and trials; empty for all. */
  readonly only: readonly string[];
  readonly seconds: number;
  readonly rounds: number;
  readonly warmUp: number;
  readonly clients: readonly number[];
  readonly tasks: number;
  /** File that gets the JSON lines too. */
  readonly json: string | undefined;
  readonly referenceVenv: string | undefined;
}

/** The text that `--help` prints. */
export const USAGE = `npm run bench -- [options]
  --servers LIST          which to measure: ${SERVER_NAMES.join(',')} (default: all; the limit only knows SQLite)
  --database NAME         ${DATABASES.join(' or ')} (default: sqlite); for postgres run it by tools/with-postgres.ts --durable
  --only LIST             measures and trials by name (default: all; see bench/README.md)
  --seconds N             length of one round of load (default: 3)
  --rounds N              rounds a server, in turns with the others (default: 3)
  --warm-up N             seconds of load that are not counted, before the rounds (default: 6)
  --clients LIST          clients that work at once (default: 1,16)
  --tasks N               tasks of the many-tasks trial (default: 10000)
  --json FILE             also write the JSON lines to a file
  --reference-venv DIR    Python environment that holds the reference (default: $PREFECT_REFERENCE_VENV, else one is made in .cache/)`;

/** Reads the command line; a value that cannot be meant is an error that names it. */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      servers: { type: 'string' },
      database: { type: 'string', default: 'sqlite' },
      only: { type: 'string', default: '' },
      seconds: { type: 'string', default: '3' },
      rounds: { type: 'string', default: '3' },
      'warm-up': { type: 'string', default: '6' },
      clients: { type: 'string', default: '1,16' },
      tasks: { type: 'string', default: '10000' },
      json: { type: 'string' },
      'reference-venv': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const database = databaseName(values.database);
  return {
    servers: values.servers === undefined ? serversOf(database) : splitList(values.servers).map(serverName),
    database,
    only: splitList(values.only),
    seconds: positiveNumber('--seconds', values.seconds),
    rounds: wholeNumber('--rounds', values.rounds),
    warmUp: positiveNumber('--warm-up', values['warm-up']),
    clients: splitList(values.clients).map((text) => wholeNumber('--clients', text)),
    tasks: wholeNumber('--tasks', values.tasks),
    json: values.json,
    referenceVenv: values['reference-venv'],
  };
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function serverName(text: string): ServerName {
  const name = SERVER_NAMES.find((known) => known === text);
  if (name === undefined) throw new Error(`--servers: there is no server "${text}". There are: ${SERVER_NAMES.join(', ')}.`);
  return name;
}

function serversOf(database: Database): readonly ServerName[] {
  return database === 'sqlite' ? SERVER_NAMES : SERVER_NAMES.filter((name) => name !== 'limit');
}

function databaseName(text: string): Database {
  const name = DATABASES.find((known) => known === text);
  if (name === undefined) throw new Error(`--database: there is no "${text}". There are: ${DATABASES.join(', ')}.`);
  return name;
}

function positiveNumber(option: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${option} must be a number above 0, not "${text}".`);
  return number;
}

function wholeNumber(option: string, text: string): number {
  const number = positiveNumber(option, text);
  if (!Number.isInteger(number)) throw new Error(`${option} must be a whole number, not "${text}".`);
  return number;
}
