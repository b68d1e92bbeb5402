import { isTerminal } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowUpRight, X } from 'lucide-react';
import { taskRun } from '../../api/queries.ts';
import { LogView } from '../../logs/log-view.tsx';
import { FlowRunDuration } from '../../run-list/flow-run-row.tsx';
import { IconButton } from '../../widgets/button.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { StateBadge } from '../../widgets/state-badge.tsx';
import { FullTime } from '../../widgets/time.tsx';

const NO_NAMES = new Map<string, string>();

/** What is known of one task run, beside the timeline. */
export function TaskInspector({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, isError, error, refetch } = useQuery(taskRun(id));
  return (
    <aside aria-label="Selected task run" className="card w-full min-w-0 lg:w-96">
      <div className="flex items-center gap-2 border-b py-2 ps-4 pe-2">
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">{data?.name ?? 'Task run'}</h2>
        {data && (
          <Link
            to="/runs/task-run/$id"
            params={{ id }}
            className="flex items-center gap-1 rounded-sm text-sm text-accent-fg hover:underline"
          >
            Open <ArrowUpRight size={13} aria-hidden />
          </Link>
        )}
        <IconButton label="Close" onPress={onClose} icon={<X size={15} aria-hidden />} />
      </div>
      {isError && !data && <ErrorState title="The task run could not be loaded" error={error} retry={() => void refetch()} />}
      {!isError && !data && <SkeletonRows count={3} />}
      {data && (
        <>
          <div className="space-y-3 p-4">
            <StateBadge type={data.state_type} name={data.state_name} />
            {data.state?.message && <p className="text-sm break-words">{data.state.message}</p>}
            <DefinitionList
              entries={[
                ['Started', <FullTime key="start" at={data.start_time} />],
                ['Duration', <FlowRunDuration key="span" run={{ ...data, state_timestamp: data.state?.timestamp ?? null }} />],
                ['Attempts', data.run_count > 1 ? data.run_count : null],
              ]}
            />
          </div>
          {data.flow_run_id && (
            <div className="border-t">
              <LogView
                scope={{ flowRunId: data.flow_run_id, taskRunId: id, level: 10, text: '' }}
                taskNames={NO_NAMES}
                live={!isTerminal(data.state_type)}
                compact
              />
            </div>
          )}
        </>
      )}
    </aside>
  );
}
