import type { UiFlowRunPageRequest } from '@prefect-ts/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Ban, RotateCcw, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { actOnRuns, type BulkProgress, type BulkVerb, MOST_RUNS, matchingRunIds } from '../../actions/bulk-runs.ts';
import { Button } from '../../widgets/button.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { TextInput } from '../../widgets/form-fields.tsx';
import { tellFailure } from '../../widgets/toasts.tsx';

const VERBS = {
  cancel: { title: 'Cancel', past: 'cancelled', Icon: Ban, warning: 'They and the subflows that they started are stopped.' },
  retry: {
    title: 'Retry',
    past: 'scheduled again',
    Icon: RotateCcw,
    warning: 'The same runs are put back in line; what they finished is reused where its results were kept.',
  },
  delete: {
    title: 'Delete',
    past: 'deleted',
    Icon: Trash2,
    warning: 'They go with their task runs, states and logs. This cannot be undone.',
  },
} as const;

/** More than this many are only acted on once their number has been typed. */
const TYPED_FROM = 100;

interface Plan {
  verb: BulkVerb;
  ids: string[];
}

/** What can be done to the runs that were chosen in a list, or to all that match its filter. */
export default function BulkBar({
  request,
  selected,
  onDone,
}: {
  request: UiFlowRunPageRequest;
  selected: ReadonlySet<string>;
  onDone: () => void;
}) {
  const [everything, setEverything] = useState(false);
  const [plan, setPlan] = useState<Plan>();
  const [isCounting, setCounting] = useState(false);
  const begin = async (verb: BulkVerb) => {
    setCounting(true);
    try {
      setPlan({ verb, ids: everything ? await matchingRunIds(request, new AbortController().signal) : [...selected] });
    } catch (error) {
      tellFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setCounting(false);
    }
  };
  const nothing = !everything && selected.size === 0;
  return (
    <section
      aria-label="What to do with the chosen runs"
      className="sticky bottom-18 z-20 mx-auto mt-4 flex w-fit max-w-full flex-wrap items-center justify-center gap-2 rounded-lg border bg-surface px-4 py-2.5 shadow-2 sm:bottom-4"
    >
      <span className="tabular me-2 text-sm" aria-live="polite">
        {everything ? 'All that match' : `${selected.size.toLocaleString('en')} chosen`}
      </span>
      <Button kind="quiet" onPress={() => setEverything(!everything)}>
        {everything ? 'Only the chosen ones' : 'All that match the filter'}
      </Button>
      {(Object.keys(VERBS) as BulkVerb[]).map((verb) => {
        const { title, Icon } = VERBS[verb];
        return (
          <Button
            key={verb}
            onPress={() => void begin(verb)}
            isDisabled={nothing || isCounting}
            icon={<Icon size={14} aria-hidden />}
          >
            {title}
          </Button>
        );
      })}
      {plan && (
        <BulkDialog
          plan={plan}
          onClose={(acted) => {
            setPlan(undefined);
            if (acted) {
              setEverything(false);
              onDone();
            }
          }}
        />
      )}
    </section>
  );
}

function BulkDialog({ plan: { verb, ids }, onClose }: { plan: Plan; onClose: (acted: boolean) => void }) {
  const queries = useQueryClient();
  const [progress, setProgress] = useState<BulkProgress>();
  const [running, setRunning] = useState(false);
  const [typed, setTyped] = useState('');
  const stop = useRef(new AbortController());
  const { title, past, warning } = VERBS[verb];
  const runs = `${ids.length.toLocaleString('en')} ${ids.length === 1 ? 'run' : 'runs'}`;
  const act = async () => {
    setRunning(true);
    try {
      setProgress(await actOnRuns(verb, ids, stop.current.signal, setProgress));
    } catch (error) {
      tellFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setRunning(false);
      void queries.invalidateQueries({ queryKey: ['flow-runs'] });
    }
  };
  const close = () => {
    stop.current.abort();
    onClose(progress !== undefined);
  };
  const mustType = ids.length > TYPED_FROM;
  return (
    <Dialog title={`${title} ${runs}?`} isOpen onClose={close}>
      {progress || running ? (
        <Outcome progress={progress ?? { done: 0, total: ids.length, refused: [] }} past={past} running={running} />
      ) : (
        <div className="space-y-4 text-text-2">
          <p>{ids.length === 0 ? 'No run matches.' : warning}</p>
          {ids.length === MOST_RUNS && <p>No more than these at once: do it again for the rest.</p>}
          {mustType && <TextInput label={`Type ${ids.length} to go on`} value={typed} onChange={setTyped} autoFocus />}
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2">
        {running ? (
          <Button onPress={() => stop.current.abort()}>Stop</Button>
        ) : progress ? (
          <Button kind="primary" onPress={close}>
            Done
          </Button>
        ) : (
          <>
            <Button onPress={close}>Keep</Button>
            <Button
              kind={verb === 'retry' ? 'primary' : 'danger'}
              onPress={() => void act()}
              isDisabled={ids.length === 0 || (mustType && typed !== String(ids.length))}
            >
              {`${title} ${runs}`}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Outcome({ progress, past, running }: { progress: BulkProgress; past: string; running: boolean }) {
  const accepted = progress.done - progress.refused.length;
  const reasons = new Map<string, number>();
  for (const { reason } of progress.refused) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return (
    <div className="space-y-3">
      <progress aria-label="Progress" value={progress.done} max={progress.total} className="h-2 w-full accent-[var(--accent)]" />
      <p role="status" className="tabular">
        {accepted.toLocaleString('en')} {past}
        {running && `, ${(progress.total - progress.done).toLocaleString('en')} to go`}
        {!running && progress.done < progress.total && `; stopped, ${progress.total - progress.done} left as they were`}
      </p>
      {progress.refused.length > 0 && (
        <div className="rounded-md border p-3 text-sm">
          <p className="mb-1 font-medium">
            {progress.refused.length} {progress.refused.length === 1 ? 'was' : 'were'} left as they are
          </p>
          <ul className="max-h-40 space-y-1 overflow-auto text-text-2">
            {[...reasons].map(([reason, count]) => (
              <li key={reason} className="break-words">
                {count} × {reason}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
