import type { Log, LogFilter } from '@prefect-ts/protocol';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { useLive } from '../api/live.ts';

/** Which lines are asked for. A task run's lines come through its flow run, as both ids are on each line. */
export interface LogScope {
  flowRunId: string;
  taskRunId?: string | undefined;
  level: number;
  text: string;
}

const PAGE = 200;

/** The lines of a run, oldest first: the newest are read first, older ones as one scrolls up, new ones by the socket. */
export function useLogLines(scope: LogScope) {
  const queries = useQueryClient();
  const queryKey = ['logs', scope] as const;
  const query = useInfiniteQuery({
    queryKey,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      call('POST /logs/filter', { body: { logs: logFilter(scope, pageParam), sort: 'TIMESTAMP_DESC', limit: PAGE } }, signal),
    getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.timestamp),
  });
  useLive({ topic: 'logs', filter: { flow_run_id: scope.flowRunId } }, null, (changes) => {
    const lines = changes.flatMap((change) => (change.kind === 'log' && matches(change.row, scope) ? [change.row] : []));
    if (changes.some((change) => change.kind === 'changed')) void queries.invalidateQueries({ queryKey });
    if (lines.length === 0) return;
    queries.setQueryData<typeof query.data>(queryKey, (loaded) => {
      const [newest = [], ...older] = loaded?.pages ?? [];
      return loaded && { ...loaded, pages: [[...lines.reverse(), ...newest], ...older] };
    });
  });
  const lines = inOrder(query.data?.pages ?? []);
  return { ...query, lines };
}

function logFilter({ flowRunId, taskRunId, level, text }: LogScope, before: string | null): LogFilter {
  return {
    flow_run_id: { any_: [flowRunId] },
    ...(taskRunId ? { task_run_id: { any_: [taskRunId] } } : {}),
    ...(level > 10 ? { level: { ge_: level } } : {}),
    ...(text ? { text: { query: text } } : {}),
    ...(before ? { timestamp: { before_: before } } : {}),
  };
}

/** Whether a line that arrives belongs to what is shown. Text is matched as the server does for single words. */
function matches(line: Log, { taskRunId, level, text }: LogScope): boolean {
  if (taskRunId && line.task_run_id !== taskRunId) return false;
  if (level > 10 && line.level < level) return false;
  return text === '' || line.message.toLowerCase().includes(text.toLowerCase());
}

/** Pages newest first become lines oldest first; a line that two pages hold is shown once. */
function inOrder(pages: readonly Log[][]): Log[] {
  const lines = new Map<string, Log>();
  for (const page of pages) for (const line of page) lines.set(line.id, line);
  return [...lines.values()].sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}
