import { isTerminal, type UiFlowRun } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import { StateBadge } from '../widgets/state-badge.tsx';
import { TagList } from '../widgets/tag-list.tsx';
import { Duration, RelativeTime } from '../widgets/time.tsx';

/** A flow run in a list: two lines, the whole of it a link. */
export function FlowRunRow({ run }: { run: UiFlowRun }) {
  return (
    <div className="group relative grid min-h-15 grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 transition-colors duration-100 hover:bg-surface-2 sm:grid-cols-[9.5rem_1fr_auto_6.5rem_5rem]">
      <div className="order-2 justify-self-end sm:order-none sm:justify-self-start">
        <StateBadge type={run.state_type} name={run.state_name} />
      </div>
      <div className="order-1 min-w-0 sm:order-none">
        <Link
          to="/runs/flow-run/$id"
          params={{ id: run.id }}
          className="block truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
        >
          {run.name}
        </Link>
        <FlowRunOrigin run={run} />
      </div>
      <div className="order-5 col-span-2 hidden max-w-60 justify-self-end sm:order-none sm:col-span-1 md:block">
        <TagList tags={run.tags} limit={2} />
      </div>
      <div className="order-3 text-sm text-text-2 sm:order-none sm:text-end">
        <RelativeTime at={run.start_time ?? run.expected_start_time} />
      </div>
      <div className="tabular order-4 text-end text-sm sm:order-none">
        <FlowRunDuration run={run} />
      </div>
    </div>
  );
}

/** What a run came from: flow, deployment, and the run that started it. */
function FlowRunOrigin({ run }: { run: UiFlowRun }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5 truncate text-sm text-text-2">
      <Link
        to="/flows/flow/$id"
        params={{ id: run.flow_id }}
        className="relative z-10 truncate rounded-sm hover:text-text hover:underline"
      >
        {run.flow_name}
      </Link>
      {run.deployment_id && run.deployment_name && (
        <>
          <span aria-hidden>/</span>
          <Link
            to="/deployments/deployment/$id"
            params={{ id: run.deployment_id }}
            className="relative z-10 truncate rounded-sm hover:text-text hover:underline"
          >
            {run.deployment_name}
          </Link>
        </>
      )}
      {run.parent_flow_run_id && (
        <>
          <span aria-hidden>·</span>
          <span className="truncate">
            in{' '}
            <Link
              to="/runs/flow-run/$id"
              params={{ id: run.parent_flow_run_id }}
              className="relative z-10 rounded-sm hover:text-text hover:underline"
            >
              {run.parent_flow_run_name}
            </Link>
          </span>
        </>
      )}
    </div>
  );
}

/** How long a run took, or takes so far; nothing before it began. */
export function FlowRunDuration({
  run,
}: {
  run: Pick<UiFlowRun, 'state_type' | 'state_timestamp' | 'start_time' | 'total_run_time'>;
}) {
  if (!run.start_time) return <span className="text-text-2">–</span>;
  if (run.state_type === 'RUNNING') return <Duration seconds={run.total_run_time} runningSince={run.state_timestamp} />;
  if (isTerminal(run.state_type) || run.total_run_time > 0) return <Duration seconds={run.total_run_time} />;
  return <span className="text-text-2">–</span>;
}
