import type { Graph } from '@prefect-ts/protocol';
import { Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { readPalette } from '../timeline/draw.ts';
import { IconButton } from '../widgets/button.tsx';
import { usePreferences } from '../widgets/preferences.ts';
import { stateWord } from '../widgets/state-badge.tsx';
import { drawGraph, fitView, type GraphView, type Marks, pickBox } from './draw.ts';
import { type GraphBox, layoutGraph, NODE_HEIGHT, NODE_WIDTH } from './layout.ts';

export interface GraphCanvasProps {
  graph: Graph;
  /** Folds that are open. */
  open: readonly string[];
  onOpen: (open: string[]) => void;
  selected: string | undefined;
  onSelect: (box: GraphBox | undefined) => void;
  /** Part of the names that stand out. */
  search: string;
}

/** The runs of a flow run and what depends on what, on one canvas that is moved and zoomed. */
export function GraphCanvas({ graph, open, onOpen, selected, onSelect, search }: GraphCanvasProps) {
  const openKey = open.join('\n');
  const layout = useMemo(() => layoutGraph(graph, new Set(openKey.split('\n'))), [graph, openKey]);
  const [view, setView] = useState<GraphView>();
  const [hovered, setHovered] = useState<number>();
  const frame = useRef<HTMLElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const { theme } = usePreferences();
  const selectedIndex = useMemo(() => {
    const index = layout.boxes.findIndex((box) => box.members.some(({ id }) => id === selected));
    return selected === undefined || index < 0 ? undefined : index;
  }, [layout, selected]);
  const matching = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    if (wanted === '') return undefined;
    return new Set(layout.boxes.flatMap((box, index) => (matches(box, wanted) ? [index] : [])));
  }, [layout, search]);
  const fit = useCallback(() => {
    const box = frame.current;
    if (box) setView(fitView(layout, box.clientWidth, box.clientHeight));
  }, [layout]);
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const observer = new ResizeObserver(() =>
      setView((before) =>
        before
          ? { ...before, width: box.clientWidth, height: box.clientHeight }
          : fitView(layout, box.clientWidth, box.clientHeight),
      ),
    );
    observer.observe(box);
    return () => observer.disconnect();
  }, [layout]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours that drawing reads
  useEffect(() => {
    if (!view) return;
    const request = requestAnimationFrame(() =>
      paint(canvas.current, probe.current, layout, view, { selected: selectedIndex, hovered, matching }),
    );
    return () => cancelAnimationFrame(request);
  }, [layout, view, selectedIndex, hovered, matching, theme]);
  const zoom = useCallback((factor: number, x?: number, y?: number) => {
    setView((before) => before && zoomed(before, factor, x ?? before.width / 2, y ?? before.height / 2));
  }, []);
  useWheel(frame, zoom, setView);
  const drag = useDrag(view, setView, (x, y) => {
    const index = view && pickBox(layout, view, x, y);
    choose(index === undefined ? undefined : layout.boxes[index]);
  });
  const choose = (box: GraphBox | undefined) => {
    if (box?.kind === 'fold') onOpen([...open, box.id]);
    else onSelect(box);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const order = [...layout.boxes].sort((a, b) => a.x - b.x || a.y - b.y).filter(({ kind }) => kind !== 'fold');
      const place = order.findIndex((box) => box.id === selected);
      const next = order[place < 0 ? (step > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, place + step))];
      onSelect(next);
      if (next) setView((before) => before && inView(before, next));
    } else if (event.key === '+') zoom(1.4);
    else if (event.key === '-') zoom(1 / 1.4);
    else if (event.key === 'f') fit();
    else if (event.key === 'Escape') onSelect(undefined);
    else return;
    event.stopPropagation();
  };
  const chosen = selectedIndex === undefined ? undefined : layout.boxes[selectedIndex];
  const pointed = hovered === undefined ? undefined : layout.boxes[hovered];
  return (
    <div className="relative">
      <div className="absolute end-2 top-2 z-10 flex rounded-md border bg-surface shadow-1">
        <IconButton label="Zoom in (+)" onPress={() => zoom(1.4)} icon={<ZoomIn size={15} aria-hidden />} />
        <IconButton label="Zoom out (-)" onPress={() => zoom(1 / 1.4)} icon={<ZoomOut size={15} aria-hidden />} />
        <IconButton label="Show all (F)" onPress={fit} icon={<Maximize2 size={15} aria-hidden />} />
      </div>
      <section
        ref={frame}
        aria-label={`Graph of ${graph.nodes.length} runs in ${layout.boxes.length} boxes. The arrow keys go from run to run, plus and minus zoom, F shows all. The Task runs tab lists them all.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is worked by keys, and what is chosen is announced below
        tabIndex={0}
        onKeyDown={onKeyDown}
        className="h-[60vh] min-h-80 overflow-hidden rounded-b-lg outline-offset-[-2px]"
      >
        <canvas
          ref={canvas}
          {...drag.handlers}
          onPointerMove={(event) => {
            drag.handlers.onPointerMove(event);
            const box = event.currentTarget.getBoundingClientRect();
            setHovered(view && pickBox(layout, view, event.clientX - box.left, event.clientY - box.top));
          }}
          onPointerLeave={() => setHovered(undefined)}
          className={`block touch-none ${hovered === undefined ? 'cursor-grab' : 'cursor-pointer'}`}
        />
        <span ref={probe} hidden />
      </section>
      {pointed && (
        <p
          aria-hidden="true"
          className="pointer-events-none absolute start-3 bottom-3 max-w-[80%] truncate rounded-md bg-text px-2.5 py-1.5 text-xs text-bg shadow-2"
        >
          {describe(pointed)}
        </p>
      )}
      <p className="sr-only" aria-live="polite">
        {chosen && describe(chosen)}
      </p>
    </div>
  );
}

function matches(box: GraphBox, wanted: string): boolean {
  return box.label.toLowerCase().includes(wanted) || box.members.some(({ label }) => label.toLowerCase().includes(wanted));
}

function describe(box: GraphBox): string {
  const artifacts = box.artifacts > 0 ? `, ${box.artifacts} ${box.artifacts === 1 ? 'artifact' : 'artifacts'}` : '';
  if (box.kind !== 'fold') return `${box.label}: ${stateWord(box.state, null)}${artifacts}`;
  const counts = new Map<string, number>();
  for (const { state_type: state } of box.members) {
    const word = stateWord(state, null).toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return `${box.members.length} × ${box.label}: ${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}${artifacts}. Press to unfold`;
}

function paint(
  canvas: HTMLCanvasElement | null,
  probe: HTMLElement | null,
  layout: ReturnType<typeof layoutGraph>,
  view: GraphView,
  marks: Marks,
): void {
  const context = canvas?.getContext('2d');
  if (!canvas || !context || !probe) return;
  const [width, height] = [Math.round(view.width * devicePixelRatio), Math.round(view.height * devicePixelRatio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${view.width}px`;
    canvas.style.height = `${view.height}px`;
  }
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  const palette = readPalette(probe);
  probe.style.color = 'var(--accent-fg)';
  drawGraph(context, layout, view, { ...palette, accent: getComputedStyle(probe).color }, marks);
}

function zoomed(view: GraphView, factor: number, x: number, y: number): GraphView {
  const zoom = Math.min(2.5, Math.max(0.01, view.zoom * factor));
  return { ...view, zoom, x: view.x + x / view.zoom - x / zoom, y: view.y + y / view.zoom - y / zoom };
}

/** Moves a view so that a box is in it, with words. */
function inView(view: GraphView, box: GraphBox): GraphView {
  const zoom = Math.max(view.zoom, 0.6);
  const [width, height] = [view.width / zoom, view.height / zoom];
  const isIn =
    zoom === view.zoom &&
    box.x >= view.x &&
    box.x + NODE_WIDTH <= view.x + width &&
    box.y >= view.y &&
    box.y + NODE_HEIGHT <= view.y + height;
  if (isIn) return view;
  return { ...view, zoom, x: box.x + NODE_WIDTH / 2 - width / 2, y: box.y + NODE_HEIGHT / 2 - height / 2 };
}

type SetView = (change: (before: GraphView | undefined) => GraphView | undefined) => void;

/** Dragging moves the graph; a press that does not move chooses. */
function useDrag(view: GraphView | undefined, setView: SetView, onPress: (x: number, y: number) => void) {
  const begun = useRef<{ x: number; y: number; view: GraphView; moved: boolean }>(undefined);
  return {
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
        if (!view) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        begun.current = { x: event.clientX, y: event.clientY, view, moved: false };
      },
      onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
        const drag = begun.current;
        if (!drag) return;
        const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
        if (Math.hypot(dx, dy) > 3) drag.moved = true;
        if (drag.moved)
          setView(() => ({ ...drag.view, x: drag.view.x - dx / drag.view.zoom, y: drag.view.y - dy / drag.view.zoom }));
      },
      onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
        const drag = begun.current;
        begun.current = undefined;
        if (!drag || drag.moved) return;
        const box = event.currentTarget.getBoundingClientRect();
        onPress(event.clientX - box.left, event.clientY - box.top);
      },
    },
  };
}

/** The wheel zooms at the pointer with Ctrl or Cmd held (as a pinch does); sideways it moves the graph, else the page scrolls. */
function useWheel(
  frame: React.RefObject<HTMLElement | null>,
  zoom: (factor: number, x: number, y: number) => void,
  setView: SetView,
): void {
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const place = box.getBoundingClientRect();
        zoom(Math.exp(-event.deltaY * 0.003), event.clientX - place.left, event.clientY - place.top);
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        setView((before) => before && { ...before, x: before.x + event.deltaX / before.zoom });
      }
    };
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => box.removeEventListener('wheel', onWheel);
  }, [frame, zoom, setView]);
}
