import { hasStatus } from '../../answers.ts';
import { argument, command, flag, many } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { jsonOrText } from '../../pairs.ts';
import { confirm } from '../../terminal/confirm.ts';
import { findVariable, variableName } from './show.ts';

export const set = command({
  summary: 'Set a variable',
  arguments: {
    name: variableName,
    value: argument('Its value; read as JSON where it is JSON, else kept as text'),
  },
  options: {
    overwrite: flag('--overwrite', 'Replace the variable if it exists'),
    tag: many('--tag <tag>', 'Add a tag; may repeat'),
  },
  async run({ args: { name, value }, options: { overwrite, tag }, session }) {
    // Anything that JSON can say is a value of a variable.
    const body = { name, value: jsonOrText(value) as string, ...(tag.length > 0 ? { tags: [...tag] } : {}) };
    const client = await session.client();
    try {
      await client.call('POST /variables/', { body });
    } catch (error) {
      if (!hasStatus(error, 409)) throw error;
      if (!overwrite) throw new CommandError(`Variable '${name}' already exists. Use --overwrite to update it.`);
      await client.call('PATCH /variables/name/{name}', { path: { name }, body });
    }
    session.out.line(session.out.colors.green(`Set variable '${name}'.`));
  },
});

export const unset = command({
  summary: 'Delete a variable',
  arguments: { name: variableName },
  async run({ args: { name }, session }) {
    await findVariable(session, name);
    await confirm(session, `Delete variable '${name}'?`);
    const client = await session.client();
    await client.call('DELETE /variables/name/{name}', { path: { name } });
    session.out.line(session.out.colors.green(`Unset variable '${name}'.`));
  },
});
