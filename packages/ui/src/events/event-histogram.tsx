import type { EventCount } from '@prefect-ts/protocol';
import { type PointerEvent, useRef, useState } from 'react';
import type { Stretch } from '../filters/event-search.ts';
import { formatInstant } from '../widgets/time-text.ts';

const HEIGHT = 56;
const WIDTH = 10;

/** Events over time as bars. A press on a bar, or a drag over some, chooses that stretch of time. */
export function EventHistogram({
  counts,
  stretch,
  noun = 'event',
  onChoose,
}: {
  counts: readonly EventCount[];
  stretch: Stretch;
  noun?: string;
  onChoose?: (stretch: Stretch) => void;
}) {
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const highest = Math.max(1, ...counts.map(({ count }) => count));
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  const barAt = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box || counts.length === 0) return 0;
    return Math.min(counts.length - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * counts.length)));
  };
  const finish = () => {
    if (!drag) return;
    const [first, last] = [counts[Math.min(drag.from, drag.to)], counts[Math.max(drag.from, drag.to)]];
    setDrag(undefined);
    if (first && last) onChoose?.({ from: Date.parse(first.start_time), to: Math.ceil(Date.parse(last.end_time)) + 1 });
  };
  const chosen = drag && { first: Math.min(drag.from, drag.to), last: Math.max(drag.from, drag.to) };
  return (
    <figure className="min-w-0">
      <svg
        ref={svg}
        viewBox={`0 0 ${Math.max(1, counts.length) * WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${all.toLocaleString('en')} ${all === 1 ? noun : `${noun}s`} over time; ${highest.toLocaleString('en')} in the busiest stretch`}
        className={`h-16 w-full touch-pan-y ${onChoose ? 'cursor-crosshair' : ''}`}
        onPointerDown={(event) => {
          if (!onChoose) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          const bar = barAt(event);
          setDrag({ from: bar, to: bar });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: barAt(event) })}
        onPointerUp={finish}
        onPointerCancel={() => setDrag(undefined)}
      >
        {counts.map(({ start_time, count }, index) => {
          const height = count === 0 ? 1 : Math.max(3, (count / highest) * (HEIGHT - 2));
          return (
            <g key={start_time}>
              <title>{`${formatInstant(Date.parse(start_time))}: ${count.toLocaleString('en')}`}</title>
              <rect x={index * WIDTH} y={0} width={WIDTH} height={HEIGHT} fill="transparent" />
              <rect
                x={index * WIDTH + 1}
                y={HEIGHT - height}
                width={WIDTH - 2}
                height={height}
                className={count === 0 ? 'fill-border' : 'fill-accent'}
              />
            </g>
          );
        })}
        {chosen && (
          <rect
            x={chosen.first * WIDTH}
            y={0}
            width={(chosen.last - chosen.first + 1) * WIDTH}
            height={HEIGHT}
            className="fill-accent"
            opacity={0.18}
          />
        )}
      </svg>
      <figcaption className="tabular mt-1 flex justify-between text-xs text-text-2">
        <span>{axisText(stretch.from)}</span>
        <span>{axisText(stretch.to)}</span>
      </figcaption>
    </figure>
  );
}

function axisText(at: number): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(at);
}
