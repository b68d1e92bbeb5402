import type { Artifact, ArtifactCollection } from '@prefect-ts/protocol';
import { readPages, seeList } from '../../answers.ts';
import { argument, command, flag, output, positive, value, withDefault } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { describeDistance } from '../../terminal/time.ts';

export const ls = command({
  summary: 'List artifacts: the latest of each key',
  options: {
    limit: withDefault(value('--limit <n>', 'How many to list', positive), 100),
    all: flag('-a, --all', 'Every version of each, and those without a key'),
    output: output(),
  },
  async run({ options, session }) {
    const { out } = session;
    const artifacts = options.all ? await readAll(session, options.limit) : await readLatest(session, options.limit);
    if (options.output) return out.json(artifacts);
    if (artifacts.length === 0) return out.line('No artifacts found.');
    out.table<Artifact | ArtifactCollection>(artifacts, [
      {
        title: 'ID',
        cell: (each) => ('latest_id' in each ? each.latest_id : each.id),
        paint: (text) => out.colors.cyan(text),
      },
      { title: 'Key', cell: ({ key }) => key, paint: (text) => out.colors.blue(text) },
      { title: 'Type', cell: ({ type }) => type },
      { title: 'Updated', cell: ({ updated }) => describeDistance(updated) },
    ]);
  },
});

export const inspect = command({
  summary: 'Show the versions of an artifact, newest first',
  arguments: { key: argument('Key of the artifact') },
  options: { limit: withDefault(value('--limit <n>', 'How many versions to show', positive), 10), output: output() },
  async run({ args: { key }, options, session }) {
    const versions = await readVersions(session, key, options.limit);
    if (versions.length === 0) throw new CommandError(`Artifact '${key}' not found.`, seeList('artifact'));
    if (options.output) return session.out.json(versions);
    await session.out.object(versions);
  },
});

/** The versions of an artifact, newest first. */
export async function readVersions(session: Session, key: string, limit: number): Promise<Artifact[]> {
  const client = await session.client();
  return readPages(limit, (slice) =>
    client.call('POST /artifacts/filter', { body: { ...slice, artifacts: { key: { any_: [key] } }, sort: 'CREATED_DESC' } }),
  );
}

async function readAll(session: Session, limit: number): Promise<Artifact[]> {
  const client = await session.client();
  return readPages(limit, (slice) => client.call('POST /artifacts/filter', { body: { ...slice, sort: 'CREATED_DESC' } }));
}

async function readLatest(session: Session, limit: number): Promise<ArtifactCollection[]> {
  const client = await session.client();
  return readPages(limit, (slice) => client.call('POST /artifacts/latest/filter', { body: { ...slice, sort: 'CREATED_DESC' } }));
}
