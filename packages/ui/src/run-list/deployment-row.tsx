import type { UiDeployment } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import { CalendarClock, Play } from 'lucide-react';
import { usePauseDeployment } from '../actions/deployment-actions.ts';
import { scheduleText } from '../schedules/schedule-text.ts';
import { Switch } from '../widgets/fields.tsx';
import { RunStrip } from '../widgets/run-strip.tsx';
import { TagList } from '../widgets/tag-list.tsx';
import { RelativeTime } from '../widgets/time.tsx';
import { DeploymentStatusBadge } from './status-badges.tsx';

/** A deployment in a list. */
export function DeploymentRow({ deployment }: { deployment: UiDeployment }) {
  const pause = usePauseDeployment(deployment.id);
  const paused = pause.isPending ? pause.variables : deployment.paused;
  return (
    <div className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-2 px-4 py-3 transition-colors duration-100 hover:bg-surface-2 md:grid-cols-[7.5rem_1fr_minmax(8rem,14rem)_9rem_auto]">
      <div className="order-2 justify-self-end md:order-none md:justify-self-start">
        <DeploymentStatusBadge status={deployment.status} paused={paused} />
      </div>
      <div className="order-1 min-w-0 md:order-none">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            to="/deployments/deployment/$id"
            params={{ id: deployment.id }}
            className="truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
          >
            {deployment.name}
          </Link>
          <span className="hidden sm:inline">
            <TagList tags={deployment.tags} limit={3} />
          </span>
        </div>
        <div className="truncate text-sm text-text-2">
          <Link
            to="/flows/flow/$id"
            params={{ id: deployment.flow_id }}
            className="relative z-10 rounded-sm hover:text-text hover:underline"
          >
            {deployment.flow_name}
          </Link>
          {deployment.work_pool_name && (
            <>
              {' · '}
              <Link
                to="/work-pools/work-pool/$name"
                params={{ name: deployment.work_pool_name }}
                className="relative z-10 rounded-sm hover:text-text hover:underline"
              >
                {deployment.work_pool_name}
              </Link>
            </>
          )}
        </div>
      </div>
      <div className="order-3 min-w-0 text-sm text-text-2 md:order-none">
        {deployment.schedules.length > 0 && (
          <div className="flex items-center gap-1.5 truncate" title={deployment.schedules.map(scheduleText).join('\n')}>
            <CalendarClock size={13} aria-hidden className="shrink-0" />
            <span className="truncate">
              {deployment.schedules.slice(0, 1).map(scheduleText)}
              {deployment.schedules.length > 1 && ` and ${deployment.schedules.length - 1} more`}
            </span>
          </div>
        )}
        {deployment.next_run && !paused && (
          <div>
            next <RelativeTime at={deployment.next_run.expected_start_time} />
          </div>
        )}
      </div>
      <div className="order-4 justify-self-end md:order-none">
        <RunStrip runs={deployment.last_runs} slots={16} />
      </div>
      <div className="relative z-10 order-5 col-span-2 flex items-center justify-end gap-2 md:order-none md:col-span-1">
        <Switch
          label={`Schedules of ${deployment.name}`}
          isSelected={!paused}
          onChange={(on) => pause.mutate(!on)}
          isDisabled={pause.isPending}
        />
        <Link
          to="/deployments/deployment/$id/run"
          params={{ id: deployment.id }}
          aria-label={`Run ${deployment.name}`}
          className="flex size-8 items-center justify-center rounded-md text-text-2 hover:bg-accent-soft hover:text-accent-fg"
        >
          <Play size={15} aria-hidden />
        </Link>
      </div>
    </div>
  );
}
