import { orMissing, seeList } from '../../answers.ts';
import { command, optionalArgument, text, uuid, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { confirm } from '../../terminal/confirm.ts';
import { readVersions } from './show.ts';

export const deleteArtifact = command({
  summary: 'Delete an artifact: all versions of a key, or the one of an id',
  arguments: { key: optionalArgument('Key of the artifact') },
  options: {
    key: text('--key <key>', 'Key of the artifact, in place of the argument'),
    id: value('--id <id>', 'Id of one version', uuid),
  },
  async run({ args, options: { id, ...options }, session }) {
    const key = args.key ?? options.key;
    if ([args.key, options.key, id].filter((given) => given !== undefined).length !== 1) {
      throw new UsageError('Give one of: the key of an artifact, --id.');
    }
    if (id !== undefined) await deleteOne(session, id);
    else if (key !== undefined) await deleteKey(session, key);
  },
});

async function deleteOne(session: Session, id: string): Promise<void> {
  const client = await session.client();
  const missing = `Artifact with id '${id}' not found.`;
  await orMissing(client.call('GET /artifacts/{id}', { path: { id } }), missing, seeList('artifact'));
  await confirm(session, `Delete artifact '${id}'?`);
  await orMissing(client.call('DELETE /artifacts/{id}', { path: { id } }), missing, seeList('artifact'));
  session.out.line(session.out.colors.green(`Deleted artifact with id '${id}'.`));
}

async function deleteKey(session: Session, key: string): Promise<void> {
  const versions = await readVersions(session, key, Number.POSITIVE_INFINITY);
  if (versions.length === 0) throw new CommandError(`Artifact '${key}' not found.`, seeList('artifact'));
  const count = `${versions.length} version${versions.length === 1 ? '' : 's'}`;
  await confirm(session, `Delete ${count} of artifact '${key}'?`);
  const client = await session.client();
  for (const { id } of versions) await client.call('DELETE /artifacts/{id}', { path: { id } });
  session.out.line(session.out.colors.green(`Deleted ${count} of artifact '${key}'.`));
}
