import type { Artifact } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { SearchX, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../../actions/use-action.ts';
import { ApiError, call } from '../../api/client.ts';
import { artifact as artifactQuery } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { type Crumb, PageHeader } from '../../app-shell/page-header.tsx';
import { ArtifactCard } from '../../artifacts/artifact-card.tsx';
import { Button } from '../../widgets/button.tsx';
import { CopyableId } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { FullTime } from '../../widgets/time.tsx';

/** One artifact: what it holds and which run left it. */
export function ArtifactPage() {
  const { id } = useParams({ from: '/artifacts/artifact/$id' });
  const query = useQuery(artifactQuery(id));
  // Nothing but progress changes once it is there.
  useRefreshOn({ topic: 'counts', filter: {} }, artifactQuery(id).queryKey, query.data?.type === 'progress' ? null : undefined);
  if (query.data) return <LoadedArtifact artifact={query.data} />;
  const missing = query.error instanceof ApiError && (query.error.status === 404 || query.error.status === 422);
  return (
    <>
      <PageHeader title="Artifact" tabTitle="Artifact" crumbs={[{ title: 'Artifacts', link: { to: '/artifacts' } }]} />
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : missing ? (
          <EmptyState icon={<SearchX size={20} aria-hidden />} title="There is no such artifact">
            <p className="break-all">No artifact has the id {id}. It may have been deleted.</p>
          </EmptyState>
        ) : (
          <ErrorState title="The artifact could not be loaded" error={query.error} retry={() => void query.refetch()} />
        )}
      </div>
    </>
  );
}

function LoadedArtifact({ artifact }: { artifact: Artifact }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useAction({
    act: () => call('DELETE /artifacts/{id}', { path: { id: artifact.id } }),
    done: 'The artifact is deleted',
    stale: [
      ['artifacts', 'latest'],
      ['artifacts', 'key'],
    ],
  });
  const title = artifact.key ?? artifact.type ?? 'Artifact';
  const crumbs: Crumb[] = [
    { title: 'Artifacts', link: { to: '/artifacts' } },
    ...(artifact.key
      ? [{ title: artifact.key, link: { to: '/artifacts/key/$key' as const, params: { key: artifact.key } } }]
      : []),
  ];
  return (
    <>
      <PageHeader
        title={title}
        tabTitle={`${title} · Artifact`}
        crumbs={crumbs}
        actions={
          <Button icon={<Trash2 size={14} aria-hidden />} onPress={() => setAsking(true)}>
            Delete
          </Button>
        }
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[1fr_20rem]">
        <ArtifactCard artifact={artifact} />
        <section aria-label="Details" className="card p-4">
          <DefinitionList
            entries={[
              ['Id', <CopyableId key="id" id={artifact.id} />],
              ['Kind', artifact.type],
              [
                'Flow run',
                artifact.flow_run_id && (
                  <Link
                    key="flow-run"
                    to="/runs/flow-run/$id"
                    params={{ id: artifact.flow_run_id }}
                    search={{ tab: 'artifacts' }}
                    className="text-accent-fg underline"
                  >
                    {artifact.flow_run_id.slice(0, 8)}
                  </Link>
                ),
              ],
              [
                'Task run',
                artifact.task_run_id && (
                  <Link
                    key="task-run"
                    to="/runs/task-run/$id"
                    params={{ id: artifact.task_run_id }}
                    className="text-accent-fg underline"
                  >
                    {artifact.task_run_id.slice(0, 8)}
                  </Link>
                ),
              ],
              ['Created', <FullTime key="created" at={artifact.created} />],
              ['Updated', <FullTime key="updated" at={artifact.updated} />],
            ]}
          />
        </section>
      </div>
      <ConfirmDialog
        title={`Delete ${title}?`}
        verb="Delete the artifact"
        isOpen={asking}
        onClose={() => setAsking(false)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/artifacts' }) })}
      >
        Only this one goes; others under the same key stay.
      </ConfirmDialog>
    </>
  );
}
