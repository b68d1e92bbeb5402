import type { UiFlow } from '@prefect-ts/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { SearchX, Workflow } from 'lucide-react';
import { useCallback } from 'react';
import { flows } from '../../api/queries.ts';
import { useRefreshOnRuns } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { PagedList } from '../../run-list/paged-list.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { EmptyState } from '../../widgets/notice.tsx';
import { RunStrip } from '../../widgets/run-strip.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { useDebouncedText } from '../../widgets/use-debounced.ts';

/** Every flow with its last runs. */
export function FlowsPage() {
  const { name = '' } = useSearch({ from: '/flows' });
  const navigate = useNavigate();
  const query = useInfiniteQuery(flows(name));
  useRefreshOnRuns(['flows'], query.data?.pages[0]?.position);
  const [draft, setDraft] = useDebouncedText(
    name,
    useCallback((text: string) => void navigate({ to: '/flows', search: text ? { name: text } : {}, replace: true }), [navigate]),
  );
  return (
    <>
      <PageHeader title="Flows" tabTitle="Flows" />
      <search className="mb-4 block">
        <SearchField label="Search flows" value={draft} onChange={setDraft} />
      </search>
      <PagedList
        query={query}
        noun="flow"
        row={(flow) => <FlowRow flow={flow} />}
        empty={
          name ? (
            <EmptyState icon={<SearchX size={20} aria-hidden />} title={`No flow is called “${name}”`} />
          ) : (
            <EmptyState icon={<Workflow size={20} aria-hidden />} title="No flows yet" command="node my-flow.ts">
              <p>A flow shows here once it has run, or once it has been deployed.</p>
            </EmptyState>
          )
        }
      />
    </>
  );
}

function FlowRow({ flow }: { flow: UiFlow }) {
  return (
    <div className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-4 py-3 transition-colors duration-100 hover:bg-surface-2 sm:grid-cols-[1fr_8rem_9rem_8rem]">
      <div className="min-w-0">
        <Link
          to="/flows/flow/$id"
          params={{ id: flow.id }}
          className="block truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
        >
          {flow.name}
        </Link>
        <span className="text-sm text-text-2">
          {flow.deployment_count === 0
            ? 'No deployments'
            : `${flow.deployment_count} ${flow.deployment_count === 1 ? 'deployment' : 'deployments'}`}
        </span>
      </div>
      <span className="hidden text-end text-sm text-text-2 sm:block">
        {flow.next_run && (
          <>
            next <RelativeTime at={flow.next_run.expected_start_time} />
          </>
        )}
      </span>
      <span className="relative z-10 justify-self-end">
        <RunStrip runs={flow.last_runs} slots={16} />
      </span>
      <span className="hidden text-end text-sm text-text-2 sm:block">
        {flow.last_runs.length > 0 ? (
          <RelativeTime at={flow.last_runs.at(-1)?.start_time ?? flow.last_runs.at(-1)?.expected_start_time} />
        ) : (
          'never ran'
        )}
      </span>
    </div>
  );
}
