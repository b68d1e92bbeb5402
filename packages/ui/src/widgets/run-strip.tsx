import type { UiRunMark } from '@prefect-ts/protocol';
import { classNames } from './class-names.ts';
import { stateLook } from './run-states.ts';
import { stateWord } from './state-badge.tsx';
import { formatSpan } from './time-text.ts';

/** The last runs of something, oldest left, as bars whose height follows their duration. */
export function RunStrip({ runs, slots = 20 }: { runs: UiRunMark[]; slots?: number }) {
  const longest = Math.max(1, ...runs.map((run) => run.total_run_time));
  const summary = summarize(runs);
  return (
    <span role="img" aria-label={summary} title={summary} className="flex h-6 items-end gap-0.5">
      {Array.from({ length: Math.max(0, slots - runs.length) }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: empty slots are all the same
        <span key={index} className="h-1 w-1.5 rounded-[1px] bg-surface-2" />
      ))}
      {runs.map((run) => (
        <span
          key={run.id}
          title={`${run.name}: ${stateWord(run.state_type, run.state_name)}, ${formatSpan(run.total_run_time * 1000)}`}
          className={classNames(
            'w-1.5 rounded-[1px]',
            heightClass(run.total_run_time / longest),
            stateLook(run.state_type).solid,
          )}
        />
      ))}
    </span>
  );
}

const HEIGHTS = ['h-1.5', 'h-2', 'h-3', 'h-4', 'h-5', 'h-6'] as const;

function heightClass(share: number): string {
  return HEIGHTS[Math.min(HEIGHTS.length - 1, Math.floor(share * HEIGHTS.length))] ?? 'h-1.5';
}

function summarize(runs: UiRunMark[]): string {
  if (runs.length === 0) return 'No runs yet';
  const counts = new Map<string, number>();
  for (const run of runs) {
    const word = stateWord(run.state_type, null).toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return `Last ${runs.length} runs: ${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}`;
}
