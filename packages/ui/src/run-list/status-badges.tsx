import type { DeploymentStatus, WorkPoolStatus } from '@prefect-ts/protocol';
import { CircleCheck, CircleDashed, CirclePause, type LucideIcon } from 'lucide-react';

const BADGE = 'inline-flex shrink-0 items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap';

function Badge({ Icon, look, children }: { Icon: LucideIcon; look: string; children: string }) {
  return (
    <span className={`${BADGE} ${look}`}>
      <Icon aria-hidden size={12} strokeWidth={2.5} />
      {children}
    </span>
  );
}

/** Whether runs of a deployment are made and taken. */
export function DeploymentStatusBadge({ status, paused }: { status: DeploymentStatus | null; paused: boolean }) {
  if (paused)
    return (
      <Badge Icon={CirclePause} look="bg-paused-bg text-paused-fg">
        Paused
      </Badge>
    );
  return status === 'READY' ? (
    <Badge Icon={CircleCheck} look="bg-completed-bg text-completed-fg">
      Ready
    </Badge>
  ) : (
    <Badge Icon={CircleDashed} look="bg-pending-bg text-pending-fg">
      Not ready
    </Badge>
  );
}

/** Whether a work pool or queue takes runs. */
export function PoolStatusBadge({ status, paused }: { status: WorkPoolStatus | null; paused: boolean }) {
  if (paused || status === 'PAUSED')
    return (
      <Badge Icon={CirclePause} look="bg-paused-bg text-paused-fg">
        Paused
      </Badge>
    );
  return status === 'READY' ? (
    <Badge Icon={CircleCheck} look="bg-completed-bg text-completed-fg">
      Ready
    </Badge>
  ) : (
    <Badge Icon={CircleDashed} look="bg-scheduled-bg text-scheduled-fg">
      No worker
    </Badge>
  );
}
