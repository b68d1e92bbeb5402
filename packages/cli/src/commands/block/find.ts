import type { BlockDocument, BlockType } from '@prefect-ts/protocol';
import { orMissing } from '../../answers.ts';
import { optionalArgument, uuid, value } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';

/** How commands are told which block they are for. */
export const blockPlace = optionalArgument('TYPE_SLUG/NAME');
export const blockId = value('--id <id>', 'Id of the block, in place of its name', uuid);

/** Reads the block of a place or an id, with its secrets hidden. @throws CommandError when there is none */
export async function findBlock(session: Session, place: string | undefined, id: string | undefined): Promise<BlockDocument> {
  if ((place === undefined) === (id === undefined)) throw new UsageError('Give a block as TYPE_SLUG/NAME, or --id.');
  const client = await session.client();
  const hint = 'See `prefect block ls` for those there are.';
  if (id !== undefined) {
    return orMissing(client.call('GET /block_documents/{id}', { path: { id } }), `Block '${id}' not found!`, hint);
  }
  const [slug, block_document_name] = splitPlace(place ?? '');
  return orMissing(
    client.call('GET /block_types/slug/{slug}/block_documents/name/{block_document_name}', {
      path: { slug, block_document_name },
    }),
    `Block '${place}' not found!`,
    hint,
  );
}

/** @throws CommandError when there is no such kind of block */
export async function findType(session: Session, slug: string): Promise<BlockType> {
  const client = await session.client();
  return orMissing(
    client.call('GET /block_types/slug/{slug}', { path: { slug } }),
    `Block type '${slug}' not found!`,
    'See `prefect block type ls` for those there are.',
  );
}

/** How people write a block. */
export function placeOf({ block_type, name, id }: BlockDocument): string {
  return name === null ? id : `${block_type?.slug ?? ''}/${name}`;
}

function splitPlace(place: string): [string, string] {
  const [slug = '', name = '', ...more] = place.split('/');
  if (slug === '' || name === '' || more.length > 0) {
    throw new UsageError(`Invalid block '${place}'. Expected the form TYPE_SLUG/NAME.`);
  }
  return [slug, name];
}
