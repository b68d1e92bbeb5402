import type { Variable } from '@prefect-ts/protocol';
import { orMissing, readPages, seeList } from '../../answers.ts';
import { argument, command, output, positive, value, withDefault } from '../../command.ts';
import type { Session } from '../../session.ts';
import { describeDistance } from '../../terminal/time.ts';

export const variableName = argument('Name of the variable');

export const ls = command({
  summary: 'List variables',
  options: { limit: withDefault(value('--limit <n>', 'How many to list', positive), 100), output: output() },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const variables = await readPages(options.limit, (slice) => client.call('POST /variables/filter', { body: slice }));
    if (options.output) return out.json(variables);
    if (variables.length === 0) return out.line('No variables found. Set one with `prefect variable set`.');
    out.table(variables, [
      { title: 'Name', cell: ({ name }) => name, paint: (text) => out.colors.blue(text) },
      { title: 'Value', cell: ({ value }) => shorten(textOf(value)) },
      { title: 'Created', cell: ({ created }) => describeDistance(created) },
      { title: 'Updated', cell: ({ updated }) => describeDistance(updated) },
    ]);
  },
});

export const inspect = command({
  summary: 'Show all that is known about a variable',
  arguments: { name: variableName },
  options: { output: output() },
  async run({ args, options, session }) {
    const found = await findVariable(session, args.name);
    if (options.output) return session.out.json(found);
    await session.out.object(found);
  },
});

export const get = command({
  summary: 'Print the value of a variable',
  arguments: { name: variableName },
  async run({ args, session }) {
    session.out.line(textOf((await findVariable(session, args.name)).value));
  },
});

/** Reads a variable. @throws CommandError when there is none of this name */
export async function findVariable(session: Session, name: string): Promise<Variable> {
  const client = await session.client();
  return orMissing(
    client.call('GET /variables/name/{name}', { path: { name } }),
    `Variable '${name}' not found.`,
    seeList('variable'),
  );
}

const LONGEST_IN_TABLE = 60;

function textOf(value: Variable['value']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shorten(text: string): string {
  return text.length > LONGEST_IN_TABLE ? `${text.slice(0, LONGEST_IN_TABLE - 1)}…` : text;
}
