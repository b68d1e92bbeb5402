import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type LiveTopic, useLive } from './live.ts';

const QUIET_MS = 1000;

/**
 * Reads a view again when a topic tells of a change, for views that hold more than single rows.
 *
 * @param quiet the least time between two readings, in milliseconds.
 */
export function useRefreshOn(
  topic: LiveTopic,
  queryKey: QueryKey,
  position: string | null | undefined,
  quiet: number = QUIET_MS,
): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(topic, position, () => {
    if (timer.current !== undefined) return;
    const wait = Math.max(0, last.current + quiet - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      last.current = Date.now();
      void queries.invalidateQueries({ queryKey });
    }, wait);
  });
}

/** Reads a view again when any flow run changes. */
export function useRefreshOnRuns(queryKey: QueryKey, position: string | undefined): void {
  useRefreshOn({ topic: 'counts', filter: {} }, queryKey, position);
}
