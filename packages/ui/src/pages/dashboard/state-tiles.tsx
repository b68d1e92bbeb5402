import type { StateType } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import type { RunFilter, RunState } from '../../filters/run-filter.ts';
import { classNames } from '../../widgets/class-names.ts';
import { StateGlyph } from '../../widgets/state-badge.tsx';

const TILES: readonly { state: RunState; type: StateType; word: string }[] = [
  { state: 'completed', type: 'COMPLETED', word: 'Completed' },
  { state: 'failed', type: 'FAILED', word: 'Failed' },
  { state: 'crashed', type: 'CRASHED', word: 'Crashed' },
  { state: 'running', type: 'RUNNING', word: 'Running' },
  { state: 'late', type: 'SCHEDULED', word: 'Late' },
  { state: 'cancelled', type: 'CANCELLED', word: 'Cancelled' },
];

/** How many runs of the window are in each state; each leads to those runs. */
export function StateTiles({ counts, filter }: { counts: Record<string, number>; filter: RunFilter }) {
  return (
    <ul className="grid grid-cols-3 gap-3 lg:grid-cols-6">
      {TILES.map(({ state, type, word }) => {
        const count = counts[state === 'late' ? 'LATE' : type] ?? 0;
        return (
          <li key={state}>
            <Link
              to="/runs"
              search={{ ...filter, state: [state] }}
              className="card block px-3 py-3 transition-colors duration-100 hover:border-border-strong sm:px-4"
            >
              <span className="flex items-center gap-1.5 text-sm text-text-2">
                <StateGlyph type={type} name={word} />
                {word}
              </span>
              <span className={classNames('tabular text-2xl font-semibold tracking-tight', count === 0 && 'text-text-2')}>
                {count.toLocaleString('en')}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
