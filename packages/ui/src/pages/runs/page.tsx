import { useNavigate, useSearch } from '@tanstack/react-router';
import { ListTree, SearchX } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { DEFAULT_WINDOW, isNarrowed, type RunFilter, runPageRequest } from '../../filters/run-filter.ts';
import { RunFilterBar } from '../../filters/run-filter-bar.tsx';
import { FlowRunList } from '../../run-list/flow-run-list.tsx';
import { Button } from '../../widgets/button.tsx';
import { EmptyState } from '../../widgets/notice.tsx';

/** Every flow run, narrowed by what stands in the URL. */
export function RunsPage() {
  const filter = useSearch({ from: '/runs' });
  const navigate = useNavigate();
  const change = useCallback((next: RunFilter) => void navigate({ to: '/runs', search: next }), [navigate]);
  const request = useMemo(() => runPageRequest(filter), [filter]);
  return (
    <>
      <PageHeader title="Runs" tabTitle="Runs" />
      <RunFilterBar filter={filter} onChange={change} />
      <div className="card">
        <FlowRunList request={request} empty={<NoRuns filter={filter} onChange={change} />} />
      </div>
    </>
  );
}

function NoRuns({ filter, onChange }: { filter: RunFilter; onChange: (filter: RunFilter) => void }) {
  if (isNarrowed(filter))
    return (
      <EmptyState icon={<SearchX size={20} aria-hidden />} title="No run matches these filters">
        <p className="mb-3">Take one away, or look at a longer time.</p>
        <div className="flex justify-center gap-2">
          <Button onPress={() => onChange({})}>Clear the filters</Button>
          <Button onPress={() => onChange({ ...filter, in: 'all' })}>Look at all time</Button>
        </div>
      </EmptyState>
    );
  if (filter.in !== 'all')
    return (
      <EmptyState
        icon={<ListTree size={20} aria-hidden />}
        title="No runs in this time"
        command="prefect deployment run 'my-flow/my-deployment'"
      >
        <p className="mb-3">
          {filter.in && filter.in !== DEFAULT_WINDOW ? 'Choose a longer time' : 'Nothing ran in the last 7 days'}, or start a run:
          call a flow from a script, or run a deployment.
        </p>
        <Button onPress={() => onChange({ in: 'all' })}>Look at all time</Button>
      </EmptyState>
    );
  return (
    <EmptyState icon={<ListTree size={20} aria-hidden />} title="No runs yet" command="node my-flow.ts">
      <p>Write a flow and run the file; the run shows here while it goes.</p>
    </EmptyState>
  );
}
