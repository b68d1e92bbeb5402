import type { FlowRunResponse } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import { CircleAlert, Clock, Pause, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from '../../widgets/class-names.ts';
import { useNow } from '../../widgets/clock.ts';
import { LinkedText } from '../../widgets/linked-text.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { millisOf } from '../../widgets/time-text.ts';

/** At most one card: what about this run wants attention, or why it has not begun. */
export function AttentionStrip({ run }: { run: FlowRunResponse }) {
  const message = run.state?.message ?? '';
  switch (run.state_type) {
    case 'FAILED':
      return (
        <Card look="bg-failed-bg text-failed-fg" icon={<CircleAlert size={17} aria-hidden />} title="Failed">
          <LinkedText text={message || 'The run failed and left no message.'} />
        </Card>
      );
    case 'CRASHED':
      return (
        <Card look="bg-crashed-bg text-crashed-fg" icon={<Zap size={17} aria-hidden />} title="Crashed">
          <LinkedText text={message || 'What ran this flow ended without a word.'} />
        </Card>
      );
    case 'PAUSED':
      return (
        <Card look="bg-paused-bg text-paused-fg" icon={<Pause size={17} aria-hidden />} title={run.state_name ?? 'Paused'}>
          {message || 'The run waits until someone resumes it'}
          {run.state?.state_details.pause_timeout && (
            <>
              ; it gives up <RelativeTime at={run.state.state_details.pause_timeout} />
            </>
          )}
        </Card>
      );
    case 'SCHEDULED':
      return <WaitingCard run={run} />;
    default:
      return null;
  }
}

function WaitingCard({ run }: { run: FlowRunResponse }) {
  const now = useNow();
  const due = millisOf(run.next_scheduled_start_time ?? run.expected_start_time) ?? now;
  const pool = run.work_pool_name;
  return (
    <Card
      look="bg-scheduled-bg text-scheduled-fg"
      icon={<Clock size={17} aria-hidden />}
      title={due > now ? 'Not due yet' : 'Waiting to start'}
    >
      {due > now ? (
        <>
          Starts <RelativeTime at={run.next_scheduled_start_time ?? run.expected_start_time} />
        </>
      ) : (
        <>
          Due <RelativeTime at={run.next_scheduled_start_time ?? run.expected_start_time} />
          {pool ? (
            <>
              ; no worker of{' '}
              <Link to="/work-pools/work-pool/$name" params={{ name: pool }} className="underline">
                {pool}
              </Link>{' '}
              has taken it yet.
            </>
          ) : (
            '; nothing has taken it yet.'
          )}
        </>
      )}
      {run.state?.message && <> {run.state.message}</>}
    </Card>
  );
}

function Card({ look, icon, title, children }: { look: string; icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className={classNames('mb-4 flex items-start gap-2.5 rounded-lg px-4 py-3 text-sm', look)}>
      <span className="mt-0.5 shrink-0">{icon}</span>
      <div className="min-w-0 break-words whitespace-pre-wrap">
        <span className="font-semibold">{title}.</span> {children}
      </div>
    </section>
  );
}
