import type { UiTimeline } from '@prefect-ts/protocol';
import { ChevronDown, ChevronRight, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { IconButton } from '../widgets/button.tsx';
import { useNow } from '../widgets/clock.ts';
import { usePreferences } from '../widgets/preferences.ts';
import { stateWord } from '../widgets/state-badge.tsx';
import { formatSpan } from '../widgets/time-text.ts';
import { AXIS_HEIGHT, drawTimeline, pickBar, ROW_HEIGHT, readPalette, type Viewport } from './draw.ts';
import { type Range, usePan, useWheel } from './gestures.ts';
import { layoutTimeline, type TimelineLayout } from './layout.ts';

export interface TimelineProps {
  timeline: UiTimeline;
  /** While the run goes on, unfinished bars grow. */
  live: boolean;
  show: 'failed' | 'unfinished' | undefined;
  open: readonly string[];
  onOpen: (open: string[]) => void;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
  /** The stretch of time shown, `from_to` in milliseconds; all of the run if absent. */
  window: string | undefined;
  onWindow: (window: string | undefined) => void;
}

/** The task runs of a run as bars over time, on one canvas. */
export function Timeline(props: TimelineProps) {
  const { timeline, live, show, open, selected } = props;
  const layout = useLayout(timeline, live, show, open);
  const all: Range = useMemo(() => ({ from: layout.from, to: layout.to + (layout.to - layout.from) * 0.08 }), [layout]);
  const [range, setRange] = useRange(props.window, props.onWindow);
  const shown = range ?? all;
  const [hovered, setHovered] = useState<{ index: number; x: number; y: number }>();
  const selectedIndex = selected === undefined ? undefined : timeline.id.indexOf(selected);
  const surface = useSurface(timeline, layout, shown, hovered?.index, selectedIndex);
  const pan = usePan(surface.view, setRange, (x, y) => {
    const index = pickBar(layout, surface.view(), x, y);
    props.onSelect(index === undefined ? undefined : timeline.id[index]);
  });
  const zoom = useCallback(
    (factor: number, at = 0.5) => {
      const middle = shown.from + (shown.to - shown.from) * at;
      const next = { from: middle - (middle - shown.from) * factor, to: middle + (shown.to - middle) * factor };
      if (next.to - next.from >= (all.to - all.from) * 1.2) setRange(undefined);
      else if (next.to - next.from > 5) setRange(next);
    },
    [shown, all, setRange],
  );
  useWheel(surface.scroller, surface.view, zoom, setRange);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'f') setRange(undefined);
    else if (event.key === '+') zoom(0.6);
    else if (event.key === '-') zoom(1.6);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      event.preventDefault();
      props.onSelect(neighbour(timeline, layout, selectedIndex, event.key === 'ArrowRight' ? 1 : -1));
    } else if (event.key === 'Escape') props.onSelect(undefined);
  };
  const toggle = (label: string) =>
    props.onOpen(open.includes(label) ? open.filter((other) => other !== label) : [...open, label]);
  const height = layout.rowCount * ROW_HEIGHT + AXIS_HEIGHT + 8;
  return (
    <div className="relative">
      <div className="absolute end-2 -top-11 flex">
        <IconButton label="Zoom in (+)" onPress={() => zoom(0.6)} icon={<ZoomIn size={15} aria-hidden />} />
        <IconButton label="Zoom out (-)" onPress={() => zoom(1.6)} icon={<ZoomOut size={15} aria-hidden />} />
        <IconButton
          label="Show all (F)"
          onPress={() => setRange(undefined)}
          isDisabled={!range}
          icon={<Maximize2 size={15} aria-hidden />}
        />
      </div>
      <section
        ref={surface.scroller}
        aria-label={`Timeline of ${timeline.id.length} task runs. Left and right choose a task run, plus and minus zoom. The Task runs tab lists them all.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is worked by keys, and what is chosen is announced below
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="relative grid max-h-[calc(100vh-20rem)] min-h-48 grid-cols-[7rem_1fr] overflow-x-hidden overflow-y-auto rounded-b-lg outline-offset-[-2px] sm:grid-cols-[12rem_1fr]"
      >
        <div className="relative border-e" style={{ height }}>
          <div className="sticky top-0 z-10 border-b bg-surface" style={{ height: AXIS_HEIGHT }} />
          {layout.groups.map((group) => (
            <div
              key={group.label}
              className="absolute inset-x-0 flex items-start gap-1 border-t px-3 text-sm"
              style={{ top: AXIS_HEIGHT + group.firstRow * ROW_HEIGHT, height: ROW_HEIGHT }}
            >
              <GroupLabel group={group} onToggle={() => toggle(group.label)} />
            </div>
          ))}
        </div>
        <div className="relative min-w-0" style={{ height }}>
          <canvas
            ref={surface.canvas}
            {...pan}
            onPointerMove={(event) => {
              pan.onPointerMove(event);
              const box = event.currentTarget.getBoundingClientRect();
              const point = { x: event.clientX - box.left, y: event.clientY - box.top };
              const index = pickBar(layout, surface.view(), point.x, point.y);
              setHovered(index === undefined ? undefined : { index, ...point });
            }}
            onPointerLeave={() => setHovered(undefined)}
            className="sticky top-0 block w-full touch-pan-y"
          />
          <span ref={surface.probe} hidden />
        </div>
      </section>
      {hovered && <HoverCard timeline={timeline} layout={layout} {...hovered} />}
      <p className="sr-only" aria-live="polite">
        {selectedIndex !== undefined && selectedIndex >= 0 && describe(timeline, layout, selectedIndex)}
      </p>
    </div>
  );
}

function GroupLabel({ group, onToggle }: { group: TimelineLayout['groups'][number]; onToggle: () => void }) {
  const count = group.count > 1 && (
    <span className="tabular shrink-0 text-xs text-text-2">{group.count.toLocaleString('en')}</span>
  );
  const failed = group.failed > 0 && (
    <span className="tabular shrink-0 text-xs font-medium text-failed-fg">{group.failed} failed</span>
  );
  const look = 'flex h-6.5 w-full min-w-0 items-center gap-1.5 text-start';
  if (!group.canFold)
    return (
      <span className={look}>
        <span className="truncate" title={group.label}>
          {group.label}
        </span>
        {count}
        {failed}
      </span>
    );
  const Chevron = group.folded ? ChevronRight : ChevronDown;
  return (
    <button
      type="button"
      onClick={onToggle}
      aria-expanded={!group.folded}
      className={`${look} -ms-1.5 cursor-pointer rounded-sm outline-offset-[-2px] hover:bg-surface-2`}
    >
      <Chevron size={13} aria-hidden className="shrink-0" />
      <span className="truncate" title={group.label}>
        {group.label}
      </span>
      {count}
      {failed}
    </button>
  );
}

function HoverCard({
  timeline,
  layout,
  index,
  x,
  y,
}: {
  timeline: UiTimeline;
  layout: TimelineLayout;
  index: number;
  x: number;
  y: number;
}) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute start-28 z-20 max-w-80 rounded-md bg-text px-2.5 py-1.5 text-xs text-bg shadow-2 sm:start-48"
      style={{ transform: `translate(min(${x + 12}px, 60vw - 20rem), ${y + 14}px)` }}
    >
      {describe(timeline, layout, index)}
    </div>
  );
}

function describe(timeline: UiTimeline, layout: TimelineLayout, index: number): string {
  const state = timeline.states[timeline.state[index] ?? 0];
  const span = timeline.start[index] === null ? '' : `, ${formatSpan((layout.end[index] ?? 0) - (layout.start[index] ?? 0))}`;
  return `${timeline.name[index]}: ${stateWord(state?.type ?? null, state?.name ?? null)}${span}`;
}

function useLayout(timeline: UiTimeline, live: boolean, show: TimelineProps['show'], open: readonly string[]): TimelineLayout {
  const clock = useNow();
  const now = live ? clock - Date.parse(timeline.origin) : 0;
  const opened = open.join('\n');
  return useMemo(() => layoutTimeline(timeline, { now, show, open: opened.split('\n') }), [timeline, now, show, opened]);
}

/** The zoomed stretch: kept here while it moves, put into the URL when it rests. */
function useRange(window: string | undefined, onWindow: (window: string | undefined) => void) {
  const [range, setRange] = useState<Range | undefined>(() => parseWindow(window));
  const latest = useRef(onWindow);
  useEffect(() => {
    latest.current = onWindow;
  });
  useEffect(() => {
    const text = range && `${Math.round(range.from)}_${Math.round(range.to)}`;
    if (text === window) return;
    const timer = setTimeout(() => latest.current(text), 300);
    return () => clearTimeout(timer);
  }, [range, window]);
  return [range, setRange] as const;
}

function parseWindow(window: string | undefined): Range | undefined {
  const [from, to] = (window ?? '').split('_').map(Number);
  return from !== undefined && to !== undefined && to > from ? { from, to } : undefined;
}

/** Keeps the canvas as large as its place and draws it once a frame after anything changed. */
function useSurface(
  timeline: UiTimeline,
  layout: TimelineLayout,
  shown: Range,
  hovered: number | undefined,
  selected: number | undefined,
) {
  const scroller = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const { theme } = usePreferences();
  const [size, setSize] = useState({ width: 0, height: 0 });
  const view = useCallback((): Viewport => ({ ...shown, ...size, scrollTop: scroller.current?.scrollTop ?? 0 }), [shown, size]);
  const draw = useCallback(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !probe.current || size.width === 0) return;
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    drawTimeline(context, timeline, layout, view(), readPalette(probe.current), { hovered, selected });
  }, [timeline, layout, view, hovered, selected, size]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const observer = new ResizeObserver(() => {
      const width = canvas.current?.parentElement?.clientWidth ?? 0;
      setSize((before) =>
        before.width === width && before.height === box.clientHeight ? before : { width, height: box.clientHeight },
      );
    });
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    element.width = size.width * devicePixelRatio;
    element.height = size.height * devicePixelRatio;
    element.style.height = `${size.height}px`;
  }, [size]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that drawing reads
  useEffect(() => {
    const frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [draw, theme]);
  useEffect(() => {
    const box = scroller.current;
    box?.addEventListener('scroll', draw, { passive: true });
    return () => box?.removeEventListener('scroll', draw);
  }, [draw]);
  return { scroller, canvas, probe, view };
}

function neighbour(timeline: UiTimeline, layout: TimelineLayout, from: number | undefined, step: 1 | -1): string | undefined {
  const byTime = [...layout.members].sort((a, b) => (layout.start[a] ?? 0) - (layout.start[b] ?? 0) || a - b);
  const place = from === undefined ? -1 : byTime.indexOf(from);
  const next = byTime[place < 0 ? (step > 0 ? 0 : byTime.length - 1) : place + step];
  return timeline.id[next ?? from ?? -1];
}
