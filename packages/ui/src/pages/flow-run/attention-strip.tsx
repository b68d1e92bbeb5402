import type { FlowRunResponse } from '@prefect-ts/protocol';
import { CircleAlert, Pause, Zap } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { classNames } from '../../widgets/class-names.ts';
import { LinkedText } from '../../widgets/linked-text.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { WhyWaiting } from './why-waiting.tsx';

const ResumeForm = lazy(() => import('./resume-form.tsx'));

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
    case 'PAUSED': {
      const keyset = run.state?.state_details.run_input_keyset;
      if (keyset)
        return (
          <Suspense>
            <ResumeForm run={run} keyset={{ ...keyset }} />
          </Suspense>
        );
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
    }
    case 'SCHEDULED':
    case 'PENDING':
    case 'CANCELLED':
      return <WhyWaiting key={run.state?.id} run={run} />;
    default:
      return null;
  }
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
