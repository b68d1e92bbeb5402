import { readFile } from 'node:fs/promises';
import type { AutomationCreate } from '@prefect-ts/protocol';
import { command, needed, text, uuid, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { findAutomation } from './find.ts';

const source = {
  fromFile: text('-f, --from-file <path>', 'YAML or JSON file'),
  fromJson: text('-j, --from-json <text>', 'JSON'),
};

export const create = command({
  summary: 'Create automations from a file: one, a list, or a list under `automations`',
  options: source,
  async run({ options, session }) {
    const client = await session.client();
    for (const body of await readAutomations(options)) {
      const { id, name } = await client.call('POST /automations/', { body });
      session.out.line(`Created automation '${name}' with id ${id}`);
    }
  },
});

export const update = command({
  summary: 'Replace an automation by what a file says',
  options: { id: needed(value('--id <uuid>', 'Id of the automation', uuid)), ...source },
  async run({ options, session }) {
    const [body, ...others] = await readAutomations(options);
    if (!body || others.length > 0) throw new CommandError('The file has to hold one automation.');
    const { id } = await findAutomation(session, undefined, options.id);
    const client = await session.client();
    await client.call('PUT /automations/{id}', { path: { id }, body });
    session.out.line(`Updated automation '${body.name}' (${id})`);
  },
});

/** What is sent is checked by the server. */
async function readAutomations(options: {
  readonly fromFile: string | undefined;
  readonly fromJson: string | undefined;
}): Promise<AutomationCreate[]> {
  if ((options.fromFile === undefined) === (options.fromJson === undefined))
    throw new UsageError('Give either --from-file or --from-json.');
  const { parse } = await import('yaml');
  const written = options.fromJson ?? (await read(options.fromFile ?? ''));
  let content: unknown;
  try {
    // JSON is YAML.
    content = parse(written);
  } catch (error) {
    throw new CommandError(`What was given is neither YAML nor JSON: ${(error as Error).message}`);
  }
  const inside = typeof content === 'object' && content !== null && 'automations' in content ? content.automations : content;
  return (Array.isArray(inside) ? inside : [inside]) as AutomationCreate[];
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new CommandError(`The file ${path} cannot be read: ${(error as Error).message}`);
  });
}
