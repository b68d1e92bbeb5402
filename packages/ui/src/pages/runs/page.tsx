import { useNavigate, useSearch } from '@tanstack/react-router';
import { ListChecks, ListTree, SearchX, X } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { DEFAULT_WINDOW, isNarrowed, type RunFilter, runPageRequest } from '../../filters/run-filter.ts';
import { RunFilterBar } from '../../filters/run-filter-bar.tsx';
import { FlowRunList } from '../../run-list/flow-run-list.tsx';
import { Button } from '../../widgets/button.tsx';
import { EmptyState } from '../../widgets/notice.tsx';
import { SavedViews } from './saved-views.tsx';

const BulkBar = lazy(() => import('./bulk-bar.tsx'));

/** Every flow run, narrowed by what stands in the URL. */
export function RunsPage() {
  const filter = useSearch({ from: '/runs' });
  const navigate = useNavigate();
  const change = useCallback((next: RunFilter) => void navigate({ to: '/runs', search: next }), [navigate]);
  const request = useMemo(() => runPageRequest(filter), [filter]);
  const { isChoosing, setChoosing, selection, clear } = useRunSelection();
  return (
    <>
      <PageHeader
        title="Runs"
        tabTitle="Runs"
        actions={
          <>
            <SavedViews filter={filter} onChoose={change} />
            <Button
              icon={isChoosing ? <X size={14} aria-hidden /> : <ListChecks size={14} aria-hidden />}
              onPress={() => setChoosing(!isChoosing)}
            >
              {isChoosing ? 'Done choosing' : 'Choose runs'}
            </Button>
          </>
        }
      />
      <RunFilterBar filter={filter} onChange={change} />
      <div className="card">
        <FlowRunList
          request={request}
          empty={<NoRuns filter={filter} onChange={change} />}
          selection={isChoosing ? selection : undefined}
        />
      </div>
      {isChoosing && (
        <Suspense>
          <BulkBar request={request} selected={selection.selected} onDone={clear} />
        </Suspense>
      )}
    </>
  );
}

/** The runs that somebody has chosen; none outlives the choosing. */
function useRunSelection() {
  const [isChoosing, setChoosing] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string>();
  const toggle = (id: string, rows: readonly string[] | undefined) => {
    const next = new Set(selected);
    const from = last === undefined ? -1 : (rows?.indexOf(last) ?? -1);
    const to = rows?.indexOf(id) ?? -1;
    if (rows && from >= 0 && to >= 0) for (const each of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(each);
    else if (!next.delete(id)) next.add(id);
    setSelected(next);
    setLast(id);
  };
  const clear = () => setSelected(new Set());
  return {
    isChoosing,
    setChoosing: (on: boolean) => {
      setChoosing(on);
      clear();
    },
    selection: { selected, toggle },
    clear,
  };
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
