import { readPages } from '../../answers.ts';
import { command, output } from '../../command.ts';
import { blockId, blockPlace, findBlock, placeOf } from './find.ts';

export const ls = command({
  summary: 'List blocks',
  options: { output: output() },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const blocks = await readPages(Number.POSITIVE_INFINITY, (slice) =>
      client.call('POST /block_documents/filter', { body: { ...slice, sort: 'BLOCK_TYPE_AND_NAME_ASC' } }),
    );
    if (options.output) return out.json(blocks);
    if (blocks.length === 0) return out.line('No blocks found.');
    out.table(blocks, [
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Type', cell: ({ block_type_name, block_type }) => block_type_name ?? block_type?.name },
      { title: 'Name', cell: ({ name }) => name, paint: (text) => out.colors.blue(text) },
      { title: 'Slug', cell: placeOf },
    ]);
  },
});

export const inspect = command({
  summary: 'Show all that is known about a block, but its secrets',
  arguments: { block: blockPlace },
  options: { id: blockId, output: output() },
  async run({ args, options, session }) {
    const found = await findBlock(session, args.block, options.id);
    if (options.output) return session.out.json(found);
    const { block_schema: _, block_type: type, ...facts } = found;
    await session.out.object({ ...facts, block_type_slug: type?.slug ?? null });
  },
});
