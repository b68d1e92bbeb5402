import { command } from '../../command.ts';
import { confirm } from '../../terminal/confirm.ts';
import { blockId, blockPlace, findBlock, placeOf } from './find.ts';

export const deleteBlock = command({
  summary: 'Delete a block',
  arguments: { block: blockPlace },
  options: { id: blockId },
  async run({ args, options, session }) {
    const found = await findBlock(session, args.block, options.id);
    const place = placeOf(found);
    await confirm(session, `Delete block '${place}'?`);
    const client = await session.client();
    await client.call('DELETE /block_documents/{id}', { path: { id: found.id } });
    session.out.line(session.out.colors.green(`Successfully deleted Block '${place}'.`));
  },
});
