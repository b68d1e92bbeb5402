import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Rocket, SearchX } from 'lucide-react';
import { useCallback } from 'react';
import { type DeploymentListFilter, deployments } from '../../api/queries.ts';
import { useRefreshOnRuns } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { TagFilter } from '../../filters/tag-filter.tsx';
import { DeploymentRow } from '../../run-list/deployment-row.tsx';
import { PagedList } from '../../run-list/paged-list.tsx';
import { Button } from '../../widgets/button.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { EmptyState } from '../../widgets/notice.tsx';
import { useDebouncedText } from '../../widgets/use-debounced.ts';

/** Every deployment: whether it is ready, when it runs next, how its last runs went. */
export function DeploymentsPage() {
  const filter = useSearch({ from: '/deployments' });
  const navigate = useNavigate();
  const change = useCallback(
    (next: { [Key in keyof DeploymentListFilter]?: DeploymentListFilter[Key] | undefined }) =>
      void navigate({ to: '/deployments', search: { ...filter, ...next } as DeploymentListFilter, replace: true }),
    [navigate, filter],
  );
  const query = useInfiniteQuery(deployments(filter));
  useRefreshOnRuns(['deployments'], query.data?.pages[0]?.position);
  const [draft, setDraft] = useDebouncedText(
    filter.name ?? '',
    useCallback((text: string) => change({ name: text || undefined }), [change]),
  );
  const narrowed = Object.keys(filter).length > 0;
  return (
    <>
      <PageHeader title="Deployments" tabTitle="Deployments" />
      <search className="mb-4 flex flex-wrap items-center gap-2">
        <SearchField label="Search deployments and flows" placeholder="Deployment or flow" value={draft} onChange={setDraft} />
        <TagFilter tags={filter.tag ?? []} onChange={(tag) => change({ tag: tag.length > 0 ? tag : undefined })} />
      </search>
      <PagedList
        query={query}
        noun="deployment"
        row={(deployment) => <DeploymentRow deployment={deployment} />}
        empty={
          narrowed ? (
            <EmptyState icon={<SearchX size={20} aria-hidden />} title="No deployment matches these filters">
              <Button onPress={() => void navigate({ to: '/deployments', search: {} })}>Clear the filters</Button>
            </EmptyState>
          ) : (
            <EmptyState icon={<Rocket size={20} aria-hidden />} title="No deployments yet" command="prefect deploy">
              <p>A deployment is a flow that the server can start: by hand, by a schedule, or when an event happens.</p>
            </EmptyState>
          )
        }
      />
    </>
  );
}
