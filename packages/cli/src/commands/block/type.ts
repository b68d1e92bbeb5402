import type { BlockSchema } from '@prefect-ts/protocol';
import { readPages } from '../../answers.ts';
import { argument, command, type Group, output } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { confirm } from '../../terminal/confirm.ts';
import { findType } from './find.ts';

const slug = argument('Slug of the kind, for example secret');

const ls = command({
  summary: 'List kinds of blocks',
  options: { output: output() },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const types = await readPages(Number.POSITIVE_INFINITY, (slice) => client.call('POST /block_types/filter', { body: slice }));
    if (options.output) return out.json(types);
    if (types.length === 0) return out.line('No block types found. Bring yours with `prefect block register`.');
    out.table(types, [
      { title: 'Slug', cell: ({ slug }) => slug, paint: (text) => out.colors.cyan(text) },
      { title: 'Name', cell: ({ name }) => name, paint: (text) => out.colors.blue(text) },
      { title: 'Description', cell: ({ description }) => description?.split('\n')[0] },
    ]);
  },
});

const inspect = command({
  summary: 'Show a kind of block and the fields it has',
  arguments: { slug },
  options: { output: output() },
  async run({ args, options, session }) {
    const found = await findType(session, args.slug);
    if (options.output) return session.out.json(found);
    const schema = await newestSchema(session, found.id);
    await session.out.object({ ...found, fields: schema?.fields.properties ?? {} });
  },
});

const deleteType = command({
  summary: 'Delete a kind of block with all its blocks',
  arguments: { slug },
  async run({ args, session }) {
    const { id, is_protected } = await findType(session, args.slug);
    if (is_protected) throw new CommandError(`Block type '${args.slug}' belongs to the server and cannot be deleted.`);
    await confirm(session, `Delete block type '${args.slug}' with all its blocks?`);
    const client = await session.client();
    await client.call('DELETE /block_types/{id}', { path: { id } });
    session.out.line(session.out.colors.green(`Successfully deleted Block Type '${args.slug}'.`));
  },
});

export const type: Group = {
  summary: 'Look at kinds of blocks',
  aliases: ['types'],
  commands: { ls, inspect, delete: deleteType },
};

/** What blocks of a kind are made of now; `undefined` when it was never said. */
export async function newestSchema(session: Session, typeId: string): Promise<BlockSchema | undefined> {
  const client = await session.client();
  const schemas = await client.call('POST /block_schemas/filter', {
    body: { block_schemas: { block_type_id: { any_: [typeId] } }, limit: 1 },
  });
  return schemas[0];
}
