import type { FlowRunResponse } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowUpRight, FoldVertical, Network, X } from 'lucide-react';
import { useCallback } from 'react';
import { ApiError } from '../../api/client.ts';
import { flowRunGraph } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import type { FlowRunSearch } from '../../filters/flow-run-search.ts';
import { GraphCanvas } from '../../graph/graph-canvas.tsx';
import { Button, IconButton } from '../../widgets/button.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { StateBadge } from '../../widgets/state-badge.tsx';
import { FullTime } from '../../widgets/time.tsx';
import { useDebouncedText } from '../../widgets/use-debounced.ts';
import { TaskInspector } from './task-inspector.tsx';

interface GraphTabProps {
  run: FlowRunResponse;
  search: FlowRunSearch;
  onChange: (change: { [Key in keyof FlowRunSearch]?: FlowRunSearch[Key] | undefined }, replace?: boolean) => void;
}

/** A live graph is read again at most so often; of a large one a millisecond a run later. */
const QUIET_MS = 1_000;
const ARTIFACTS_SHOWN = 5;

/** What depends on what in a run: its task runs and subflows as a graph. */
export default function GraphTab({ run, search, onChange }: GraphTabProps) {
  const query = useQuery(flowRunGraph(run.id));
  useRefreshOn(
    { topic: 'task_runs', filter: { flow_run_id: run.id } },
    ['flow-run-graph', run.id],
    query.data ? null : undefined,
    QUIET_MS + (query.data?.nodes.length ?? 0),
  );
  const [text, setText] = useDebouncedText(
    search.q ?? '',
    useCallback((q: string) => onChange({ q: q || undefined }), [onChange]),
  );
  const open = search.open ?? [];
  if (query.isPending)
    return (
      <div className="card">
        <SkeletonRows count={4} />
      </div>
    );
  if (!query.data) return <NoGraph error={query.error} retry={() => void query.refetch()} />;
  if (query.data.nodes.length === 0)
    return (
      <div className="card">
        <EmptyState icon={<Network size={20} aria-hidden />} title="No task runs">
          Nothing was called in this run, so nothing depends on anything.
        </EmptyState>
      </div>
    );
  const node = query.data.nodes.find(([id]) => id === search.node)?.[1];
  return (
    <div className={node ? 'grid grid-cols-1 items-start gap-4 lg:grid-cols-[1fr_auto]' : undefined}>
      <section className="card min-w-0" aria-label="Graph">
        <div className="flex min-h-12 flex-wrap items-center gap-2 border-b px-3 py-2">
          <SearchField label="Search the graph" placeholder="Name of a run" value={text} onChange={setText} />
          {open.length > 0 && (
            <Button
              kind="quiet"
              icon={<FoldVertical size={14} aria-hidden />}
              onPress={() => onChange({ open: undefined, node: undefined })}
            >
              Fold again
            </Button>
          )}
          <span className="flex-1" />
          <span className="tabular text-xs text-text-2">
            {query.data.nodes.length.toLocaleString('en')} {query.data.nodes.length === 1 ? 'run' : 'runs'}
            {query.data.artifacts.length > 0 && `, ${query.data.artifacts.length.toLocaleString('en')} artifacts of the flow`}
          </span>
        </div>
        <GraphCanvas
          graph={query.data}
          open={open}
          onOpen={(next) => onChange({ open: next })}
          selected={search.node}
          onSelect={(box) => onChange({ node: box?.id })}
          search={search.q ?? ''}
        />
      </section>
      {node?.kind === 'task-run' && (
        <div className="min-w-0 space-y-4">
          <TaskInspector id={node.id} onClose={() => onChange({ node: undefined })} />
          {node.artifacts.length > 0 && (
            <section className="card w-full p-4 text-sm lg:w-96" aria-label="Artifacts of the task run">
              <h2 className="mb-1.5 text-sm font-semibold">Artifacts</h2>
              <ul className="space-y-1">
                {node.artifacts.slice(0, ARTIFACTS_SHOWN).map((artifact) => (
                  <li key={artifact.id} className="flex justify-between gap-3">
                    <Link
                      to="/runs/flow-run/$id"
                      params={{ id: run.id }}
                      search={{ tab: 'artifacts' }}
                      className="truncate text-accent-fg hover:underline"
                    >
                      {artifact.key ?? artifact.type ?? 'artifact'}
                    </Link>
                    <span className="text-text-2">{artifact.type}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </div>
      )}
      {node?.kind === 'flow-run' && (
        <aside aria-label="Selected subflow" className="card w-full min-w-0 lg:w-96">
          <div className="flex items-center gap-2 border-b py-2 ps-4 pe-2">
            <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{node.label}</h2>
            <IconButton label="Close" onPress={() => onChange({ node: undefined })} icon={<X size={15} aria-hidden />} />
          </div>
          <div className="space-y-3 p-4 text-sm">
            <StateBadge type={node.state_type} name={null} />
            <p className="text-text-2">
              Began <FullTime at={node.start_time} />
            </p>
            <Link
              to="/runs/flow-run/$id"
              params={{ id: node.id }}
              search={{ tab: 'graph' }}
              className="inline-flex items-center gap-1 text-accent-fg hover:underline"
            >
              Open its graph <ArrowUpRight size={13} aria-hidden />
            </Link>
          </div>
        </aside>
      )}
    </div>
  );
}

function NoGraph({ error, retry }: { error: unknown; retry: () => void }) {
  const tooLarge = error instanceof ApiError && error.status === 400;
  return (
    <div className="card">
      {tooLarge ? (
        <EmptyState icon={<Network size={20} aria-hidden />} title="This run is too large for a graph">
          <p>{error.message} The timeline and the list of task runs show all of it.</p>
        </EmptyState>
      ) : (
        <ErrorState title="The graph could not be loaded" error={error} retry={retry} />
      )}
    </div>
  );
}
