import type { BlockDocument } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { EyeOff, Pencil, SearchX, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useDeleteBlock } from '../../actions/block-actions.ts';
import { ApiError } from '../../api/client.ts';
import { blockDocument } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { Button } from '../../widgets/button.tsx';
import { CopyableId, CopyButton } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { JsonView } from '../../widgets/json-view.tsx';
import { LinkedText } from '../../widgets/linked-text.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { FullTime } from '../../widgets/time.tsx';
import { isMasked, namedReferences } from './block-schema.ts';

/** One saved block: what it holds, without its secrets, and how code gets at it. */
export function BlockPage() {
  const { id } = useParams({ from: '/blocks/block/$id' });
  const query = useQuery(blockDocument(id));
  if (query.data) return <LoadedBlock block={query.data} />;
  const missing = query.error instanceof ApiError && (query.error.status === 404 || query.error.status === 422);
  return (
    <>
      <PageHeader title="Block" tabTitle="Block" crumbs={[{ title: 'Blocks', link: { to: '/blocks' } }]} />
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : missing ? (
          <EmptyState icon={<SearchX size={20} aria-hidden />} title="There is no such block">
            <p className="break-all">No block has the id {id}. It may have been deleted.</p>
          </EmptyState>
        ) : (
          <ErrorState title="The block could not be loaded" error={query.error} retry={() => void query.refetch()} />
        )}
      </div>
    </>
  );
}

function LoadedBlock({ block }: { block: BlockDocument }) {
  const navigate = useNavigate();
  const remove = useDeleteBlock(block.id);
  const [asking, setAsking] = useState(false);
  const name = block.name ?? 'Block without a name';
  const slug = block.block_type?.slug ?? '';
  const references = namedReferences(block.block_document_references);
  return (
    <>
      <PageHeader
        title={name}
        tabTitle={`${name} · ${block.block_type?.name ?? 'Block'}`}
        crumbs={[
          { title: 'Blocks', link: { to: '/blocks' } },
          ...(slug ? [{ title: block.block_type?.name ?? slug, link: { to: '/blocks' as const, search: { type: slug } } }] : []),
        ]}
        actions={
          <>
            <Button
              icon={<Pencil size={14} aria-hidden />}
              onPress={() => void navigate({ to: '/blocks/block/$id/edit', params: { id: block.id } })}
            >
              Edit
            </Button>
            <Button icon={<Trash2 size={14} aria-hidden />} onPress={() => setAsking(true)}>
              Delete
            </Button>
          </>
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[1fr_24rem]">
        <section aria-label="What it holds" className="card p-5">
          <h2 className="mb-4 text-lg font-semibold">What it holds</h2>
          <DefinitionList
            entries={Object.entries(block.data).map(([member, value]) => {
              const reference = references.find((candidate) => candidate.member === member);
              return [
                member,
                reference ? (
                  <Link
                    key={member}
                    to="/blocks/block/$id"
                    params={{ id: reference.id }}
                    className="rounded-sm text-accent-fg underline"
                  >
                    {reference.name}
                  </Link>
                ) : (
                  <Held key={member} member={member} value={value} />
                ),
              ];
            })}
          />
        </section>
        <div className="space-y-4">
          <section aria-label="In code" className="card space-y-3 p-5">
            <h2 className="text-lg font-semibold">In code</h2>
            <Snippet title="TypeScript" code={`const ${variableOf(name)} = await block.untyped('${slug}/${name}');`} />
            <Snippet title="Python" code={`${variableOf(name)} = Block.load("${slug}/${name}")`} />
            <Snippet title="In a template" code={`{{ prefect.blocks.${slug}.${name} }}`} />
          </section>
          <section aria-label="Details" className="card p-5">
            <DefinitionList
              entries={[
                ['Id', <CopyableId key="id" id={block.id} />],
                ['Type', block.block_type?.name],
                ['Version', block.block_schema?.version],
                ['Created', <FullTime key="created" at={block.created} />],
                ['Updated', <FullTime key="updated" at={block.updated} />],
              ]}
            />
          </section>
        </div>
      </div>
      <ConfirmDialog
        title={`Delete ${name}?`}
        verb="Delete the block"
        isOpen={asking}
        onClose={() => setAsking(false)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/blocks' }) })}
      >
        Flows that load it fail from then on, and blocks that refer to it lose the reference. Its secrets cannot be brought back.
      </ConfirmDialog>
    </>
  );
}

function Held({ member, value }: { member: string; value: unknown }) {
  if (isMasked(value))
    return (
      <span className="inline-flex items-center gap-1.5 text-text-2">
        <EyeOff size={13} aria-hidden />
        secret
      </span>
    );
  if (value === null) return <span className="text-text-2">none</span>;
  if (typeof value === 'object') return <JsonView value={value} label={member} />;
  return (
    <span className="break-all whitespace-pre-wrap">
      <LinkedText text={String(value)} />
    </span>
  );
}

function Snippet({ title, code }: { title: string; code: string }) {
  return (
    <div>
      <div className="flex items-center justify-between text-sm text-text-2">
        {title}
        <CopyButton text={code} label={`Copy the line of ${title}`} />
      </div>
      <code className="block rounded-md border bg-surface-2 px-3 py-2 font-mono text-xs break-all">{code}</code>
    </div>
  );
}

function variableOf(name: string): string {
  const word = name.replace(/\W+/g, '_').replace(/^(\d)/, '_$1');
  return word || 'block';
}
