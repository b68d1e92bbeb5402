import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ListTree, Rocket } from 'lucide-react';
import { useMemo } from 'react';
import { deployments, flow } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { DeploymentRow } from '../../run-list/deployment-row.tsx';
import { FlowRunList } from '../../run-list/flow-run-list.tsx';
import { PagedList } from '../../run-list/paged-list.tsx';
import { EmptyState, ErrorState } from '../../widgets/notice.tsx';
import { TagList } from '../../widgets/tag-list.tsx';

/** One flow: its deployments and its runs. */
export function FlowPage() {
  const { id } = useParams({ from: '/flows/flow/$id' });
  const query = useQuery(flow(id));
  const name = query.data?.name;
  const deployed = useInfiniteQuery({ ...deployments({ flow: [name ?? ''] }), enabled: name !== undefined });
  const runs = useMemo(() => ({ flows: { id: { any_: [id] } } }), [id]);
  return (
    <>
      <PageHeader
        title={name ?? (query.isError ? 'Flow' : <span className="skeleton inline-block h-6 w-48" />)}
        tabTitle={name ?? 'Flow'}
        crumbs={[{ title: 'Flows', link: { to: '/flows' } }]}
      >
        {query.data && query.data.tags.length > 0 && (
          <div className="mt-2">
            <TagList tags={query.data.tags} limit={8} />
          </div>
        )}
      </PageHeader>
      {query.isError && !query.data ? (
        <div className="card">
          <ErrorState title="The flow could not be loaded" error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : (
        <div className="space-y-6">
          <section aria-label="Deployments">
            <h2 className="mb-2 text-lg font-semibold">Deployments</h2>
            <PagedList
              query={deployed}
              noun="deployment"
              row={(row) => <DeploymentRow deployment={row} />}
              empty={
                <EmptyState icon={<Rocket size={20} aria-hidden />} title="Not deployed" command="prefect deploy">
                  <p>Deploy this flow to run it from here, by a schedule, or by an event.</p>
                </EmptyState>
              }
            />
          </section>
          <section aria-label="Runs">
            <h2 className="mb-2 text-lg font-semibold">Runs</h2>
            <div className="card">
              <FlowRunList
                request={runs}
                empty={<EmptyState icon={<ListTree size={20} aria-hidden />} title="No runs of this flow yet" />}
              />
            </div>
          </section>
        </div>
      )}
    </>
  );
}
