import { type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import type { Viewport } from './draw.ts';

/** A stretch of time, in milliseconds from the origin of the timeline. */
export interface Range {
  from: number;
  to: number;
}

/** Dragging moves the window; a press that does not move chooses a bar. */
export function usePan(view: () => Viewport, setRange: (range: Range) => void, onPress: (x: number, y: number) => void) {
  const drag = useRef<{ x: number; view: Viewport; moved: boolean }>(undefined);
  return {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, view: view(), moved: false };
    },
    onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => {
      const begun = drag.current;
      if (!begun) return;
      const distance = event.clientX - begun.x;
      if (Math.abs(distance) > 3) begun.moved = true;
      if (!begun.moved) return;
      const shift = (-distance * (begun.view.to - begun.view.from)) / begun.view.width;
      setRange({ from: begun.view.from + shift, to: begun.view.to + shift });
    },
    onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
      const begun = drag.current;
      drag.current = undefined;
      if (!begun || begun.moved) return;
      const box = event.currentTarget.getBoundingClientRect();
      onPress(event.clientX - box.left, event.clientY - box.top);
    },
  };
}

/** The wheel zooms at the pointer with Ctrl or Cmd held (as a pinch does), moves in time sideways, and otherwise scrolls. */
export function useWheel(
  scroller: RefObject<HTMLElement | null>,
  view: () => Viewport,
  zoom: (factor: number, at: number) => void,
  setRange: (range: Range) => void,
): void {
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const onWheel = (event: WheelEvent) => {
      const { width, from, to } = view();
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const gutter = box.clientWidth - width;
        zoom(
          Math.exp(event.deltaY * 0.003),
          Math.min(1, Math.max(0, (event.clientX - box.getBoundingClientRect().left - gutter) / width)),
        );
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const shift = (event.deltaX * (to - from)) / width;
        setRange({ from: from + shift, to: to + shift });
      }
    };
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => box.removeEventListener('wheel', onWheel);
  }, [scroller, view, zoom, setRange]);
}
