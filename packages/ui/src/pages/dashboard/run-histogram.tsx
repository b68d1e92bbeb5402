import type { StateType, UiBucket } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import type { RunFilter } from '../../filters/run-filter.ts';
import { stateLook } from '../../widgets/run-states.ts';
import { stateWord } from '../../widgets/state-badge.tsx';

/** From the bottom up: what is well first, what is wrong on top. */
const ORDER = [
  'COMPLETED',
  'CANCELLED',
  'SCHEDULED',
  'PENDING',
  'PAUSED',
  'RUNNING',
  'CANCELLING',
  'CRASHED',
  'FAILED',
] as const satisfies readonly StateType[];
const HEIGHT = 96;
const WIDTH = 10;

/** Runs over time as stacked bars, one for each stretch of the window. */
export function RunHistogram({ buckets, filter }: { buckets: UiBucket[]; filter: RunFilter }) {
  const totals = buckets.map((bucket) => Object.values(bucket.counts).reduce((sum, count) => sum + count, 0));
  const highest = Math.max(1, ...totals);
  const all = totals.reduce((sum, total) => sum + total, 0);
  return (
    <section aria-label="Runs over time" className="card px-4 pt-3 pb-2">
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h2 className="text-sm font-semibold">Runs over time</h2>
        <Link to="/runs" search={filter} className="tabular rounded-sm text-sm text-text-2 hover:text-text hover:underline">
          {all.toLocaleString('en')} {all === 1 ? 'run' : 'runs'}
        </Link>
      </div>
      <svg
        viewBox={`0 0 ${buckets.length * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${all} runs; the busiest stretch has ${highest}. The tiles above tell them by state.`}
        className="h-24 w-full"
      >
        {buckets.map((bucket, index) => (
          <Bar key={bucket.start} bucket={bucket} x={index * WIDTH} highest={highest} />
        ))}
      </svg>
      <div className="tabular mt-1 flex justify-between text-xs text-text-2">
        <span>{buckets[0] && axisText(buckets[0].start)}</span>
        <span>now</span>
      </div>
    </section>
  );
}

function Bar({ bucket, x, highest }: { bucket: UiBucket; x: number; highest: number }) {
  let y = HEIGHT;
  const parts = ORDER.flatMap((type) => {
    const count = bucket.counts[type] ?? 0;
    if (count === 0) return [];
    const height = Math.max(2, (count / highest) * (HEIGHT - 4));
    y -= height;
    return [{ type, count, y, height }];
  });
  const words = parts.map(({ type, count }) => `${count} ${stateWord(type, null).toLowerCase()}`).join(', ');
  return (
    <g>
      <title>{`${axisText(bucket.start)}: ${words || 'no runs'}`}</title>
      <rect x={x} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
      {parts.length === 0 && <rect x={x + 1} y={HEIGHT - 1.5} width={WIDTH - 2} height={1.5} className="fill-border" />}
      {parts.map((part) => (
        <rect
          key={part.type}
          x={x + 1}
          y={part.y}
          width={WIDTH - 2}
          height={part.height}
          style={{ fill: `var(${stateLook(part.type).variable})` }}
        />
      ))}
    </g>
  );
}

function axisText(at: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
    Date.parse(at),
  );
}
