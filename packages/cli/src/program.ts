import { Argument, Command as Commander, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ArgumentSpec, type Command, type Group, isGroup, type OptionSpec } from './command.ts';
import { UsageError } from './errors.ts';
import { ABSENT, ENTRIES, findEntry } from './groups.ts';
import { ownVersion } from './own-version.ts';
import { openSession, type Session } from './session.ts';
import type { Output } from './terminal/output.ts';

/** Reads the command line, loads the one command it names and runs it. */
export async function runProgram(argv: readonly string[], out: Output): Promise<void> {
  const program = new Commander('prefect')
    .description('Orchestrates workflows: flows, deployments, workers and the server that keeps them.')
    .usage('[options] <command> …')
    .option('-p, --profile <name>', 'Use this profile')
    .option('-v, --version', 'Print the version')
    .helpOption('--help', 'Show this help')
    .helpCommand(false)
    .configureHelp({ subcommandTerm: (entry) => entry.name() })
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: out.write, writeErr: out.writeError })
    .exitOverride();
  let session: Session | undefined;
  const openOnce = () => (session ??= openSession(out, program.opts<{ profile?: string }>().profile));
  const chosen = findEntry(wordOf(argv) ?? '');
  for (const entry of ENTRIES) {
    const shown = program.command(entry.name).aliases(entry.aliases).description(entry.summary);
    if (entry === chosen) fill(shown, await entry.load(), openOnce);
  }
  addAbsent(program, ABSENT);
  program.on('option:version', () => {
    out.line(ownVersion());
    throw new CommanderError(0, 'commander.version', '');
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said it; help that was asked for is no failure, anything else is wrong usage.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } finally {
    await session?.close();
  }
}

/** The first word that is neither an option nor the value of `--profile`. */
function wordOf(argv: readonly string[]): string | undefined {
  return argv.find((word, at) => !word.startsWith('-') && !['-p', '--profile'].includes(argv[at - 1] ?? ''));
}

function fill(shown: Commander, entry: Command | Group, open: () => Session): void {
  shown.exitOverride().showSuggestionAfterError().helpCommand(false);
  if (isGroup(entry)) fillGroup(shown, entry, open);
  else fillCommand(shown, entry, open);
}

function fillCommand(shown: Commander, entry: Command, open: () => Session): void {
  const ownHelpLetter = Object.values(entry.options).some(({ flags }) => flags.startsWith('-h,'));
  shown.description(entry.summary).helpOption(ownHelpLetter ? '--help' : '-h, --help', 'Show this help');
  for (const [name, spec] of Object.entries(entry.arguments)) shown.addArgument(argumentOf(name, spec));
  const keys = Object.entries(entry.options).map(([key, spec]) => [key, spec, addOption(shown, spec)] as const);
  shown.action(async () => {
    const given = shown.opts<Record<string, unknown>>();
    const options = Object.fromEntries(keys.map(([key, spec, attribute]) => [key, givenValue(given[attribute], spec)]));
    const args = Object.fromEntries(Object.keys(entry.arguments).map((key, at) => [key, shown.processedArgs[at]]));
    // Types were checked where the command was declared; these are the values its specs read.
    await entry.run({ args, options, session: open() } as Parameters<Command['run']>[0]);
  });
}

/** Commander keeps `--no-x` as an x that is true unless the flag is given; a flag of that name is on when it is given. */
function givenValue(given: unknown, spec: OptionSpec<unknown>): unknown {
  return spec.flags.startsWith('--no-') ? given === false : (given ?? spec.fallback);
}

function fillGroup(shown: Commander, group: Group, open: () => Session): void {
  shown.usage('<command> …').helpOption('-h, --help', 'Show this help');
  for (const [name, entry] of Object.entries(group.commands)) {
    const child = shown.command(name);
    child.description(entry.summary ?? '');
    if (isGroup(entry)) child.aliases(entry.aliases ?? []);
    fill(child, entry, open);
  }
  addAbsent(shown, group.absent ?? {});
}

/** Words that are not here, but that people may know from elsewhere: not listed, and explained when they are used. */
function addAbsent(shown: Commander, absent: Readonly<Record<string, string>>): void {
  for (const [name, instead] of Object.entries(absent)) {
    const child = shown.command(name, { hidden: true }).helpOption(false).allowUnknownOption().allowExcessArguments();
    child.action(() => {
      throw new UsageError(`\`${pathOf(child)}\` is not offered.`, instead);
    });
  }
}

function pathOf(command: Commander): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

function argumentOf(name: string, spec: ArgumentSpec<unknown>): Argument {
  const word = `${kebab(name)}${spec.many ? '...' : ''}`;
  const argument = new Argument(spec.required ? `<${word}>` : `[${word}]`, spec.meaning);
  return spec.many ? argument : argument.argParser((text) => readOrComplain(() => spec.read(text)));
}

/** Adds an option and tells under which key commander keeps it. */
function addOption(shown: Commander, spec: OptionSpec<unknown>): string {
  if (spec.flags.startsWith('--[no-]')) {
    const name = spec.flags.slice('--[no-]'.length);
    shown.addOption(new Option(`--${name}`, spec.meaning + (spec.fallback === true ? ' (default)' : '')));
    shown.addOption(new Option(`--no-${name}`).hideHelp(spec.fallback !== true));
    const attribute = new Option(`--${name}`).attributeName();
    shown.setOptionValue(attribute, undefined);
    return attribute;
  }
  const option = new Option(spec.flags, spec.meaning + describeDefault(spec));
  if (spec.choices) option.choices([...spec.choices]);
  else if (spec.read) option.argParser((text, previous) => readOption(spec, text, previous));
  if (spec.required) option.makeOptionMandatory();
  shown.addOption(option);
  return option.attributeName();
}

function readOption(spec: OptionSpec<unknown>, text: string, previous: unknown): unknown {
  const value = readOrComplain(() => spec.read?.(text));
  return spec.many ? [...(Array.isArray(previous) ? previous : []), value] : value;
}

function readOrComplain<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function describeDefault({ fallback }: OptionSpec<unknown>): string {
  return typeof fallback === 'string' || typeof fallback === 'number' ? ` (default: ${fallback})` : '';
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
