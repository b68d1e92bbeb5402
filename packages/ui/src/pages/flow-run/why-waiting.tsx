import type { FlowRunResponse, UiBlocker, UiWaitingReason } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Clock, Hourglass } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { usePauseWorkPool } from '../../actions/work-pool-actions.ts';
import { whyWaiting } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { Button } from '../../widgets/button.tsx';
import { CommandLine } from '../../widgets/copyable.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { millisOf } from '../../widgets/time-text.ts';

const TITLES: Record<UiWaitingReason['code'], string> = {
  not_due: 'Not due yet',
  retry_delay: 'Tried again soon',
  pool_paused: 'The work pool is paused',
  queue_paused: 'The work queue is paused',
  no_worker_online: 'Nobody runs it',
  worker_slots_full: 'The workers are full',
  pool_limit: 'The work pool is full',
  queue_limit: 'The work queue is full',
  deployment_limit: 'The deployment is at its limit',
  collision_cancelled: 'Cancelled at the limit',
  infrastructure_pending: 'Being started',
  awaiting_input: 'Waits for somebody',
  unknown: 'Waiting to start',
};

/** Why a run does not run, in the server's words, with what can be done about it. */
export function WhyWaiting({ run }: { run: FlowRunResponse }) {
  const query = useQuery(whyWaiting(run.id));
  const { refetch, data } = query;
  const pool = run.work_pool_name;
  useRefreshOn({ topic: 'pool', filter: { name: pool ?? '' } }, whyWaiting(run.id).queryKey, pool === null ? undefined : null);
  useRefreshOn(
    { topic: 'flow_runs', filter: { flow_runs: { id: { any_: [run.id] } } } },
    whyWaiting(run.id).queryKey,
    data ? null : undefined,
  );
  const next = millisOf(data?.map(({ next_check }) => next_check).find((check) => check !== null));
  useEffect(() => {
    if (next === undefined) return;
    const timer = setTimeout(() => void refetch(), Math.min(Math.max(1000, next - Date.now()), 2_147_483_647));
    return () => clearTimeout(timer);
  }, [next, refetch]);
  if (!data || data.length === 0) return null;
  return (
    <section aria-label="Why it waits" className="mb-4 space-y-3 rounded-lg bg-scheduled-bg px-4 py-3 text-sm text-scheduled-fg">
      {data.map((reason) => (
        <Reason key={reason.code} reason={reason} run={run} />
      ))}
    </section>
  );
}

function Reason({ reason, run }: { reason: UiWaitingReason; run: FlowRunResponse }) {
  const Icon = reason.code === 'not_due' || reason.code === 'retry_delay' ? Clock : Hourglass;
  const holders = reason.blockers.filter(({ kind }) => kind === 'flow-run');
  return (
    <div className="flex items-start gap-2.5">
      <Icon size={17} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1 space-y-1.5">
        <p className="break-words">
          <span className="font-semibold">{TITLES[reason.code]}.</span> <Words reason={reason} />
          {reason.since && reason.code !== 'not_due' && (
            <>
              {' '}
              Since <RelativeTime at={reason.since} />.
            </>
          )}
        </p>
        {reason.limit !== null && reason.used !== null && (
          <p className="tabular">
            {reason.used} of {reason.limit} {reason.limit === 1 ? 'slot' : 'slots'} taken
          </p>
        )}
        {holders.length > 0 && (
          <ul aria-label="Who holds the slots" className="flex flex-wrap gap-x-4 gap-y-1">
            {holders.map((holder) => (
              <li key={holder.id}>
                <BlockerLink blocker={holder} />
                {holder.since && (
                  <>
                    {' '}
                    <RelativeTime at={holder.since} />
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        <Remedy reason={reason} run={run} />
      </div>
    </div>
  );
}

/** The server's sentence; times in it are told as the rest of the page tells them. */
function Words({ reason }: { reason: UiWaitingReason }): ReactNode {
  if ((reason.code === 'not_due' || reason.code === 'retry_delay') && reason.next_check)
    return (
      <>
        {reason.code === 'not_due' ? 'It starts ' : 'It failed and is tried again '}
        <RelativeTime at={reason.next_check} />.
      </>
    );
  // The command that it names stands below, to be copied.
  return reason.message.replace(/ Start one with ".*"\.$/, '');
}

function BlockerLink({ blocker }: { blocker: UiBlocker }) {
  return (
    <Link to="/runs/flow-run/$id" params={{ id: blocker.id }} className="rounded-sm underline">
      {blocker.name}
    </Link>
  );
}

function Remedy({ reason, run }: { reason: UiWaitingReason; run: FlowRunResponse }) {
  const resume = usePauseWorkPool(run.work_pool_name ?? '');
  const pool = run.work_pool_name;
  if (pool === null) return null;
  const toPool = (tab?: 'queues' | 'workers') => (
    <Link
      to="/work-pools/work-pool/$name"
      params={{ name: pool }}
      search={tab ? { tab } : {}}
      className="inline-flex min-h-6 items-center rounded-sm font-medium underline"
    >
      To the work pool
    </Link>
  );
  switch (reason.code) {
    case 'pool_paused':
      return (
        <span className="text-text">
          <Button onPress={() => resume.mutate(false)} isDisabled={resume.isPending}>
            Resume the work pool
          </Button>
        </span>
      );
    case 'queue_paused':
    case 'queue_limit':
      return toPool('queues');
    case 'no_worker_online':
      return (
        <div className="max-w-full text-text">
          <CommandLine text={`prefect worker start --pool ${/^[\w.-]+$/.test(pool) ? pool : `'${pool}'`}`} />
        </div>
      );
    case 'pool_limit':
    case 'worker_slots_full':
      return toPool('workers');
    default:
      return null;
  }
}
