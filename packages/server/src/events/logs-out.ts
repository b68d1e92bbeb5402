import { formatTimestamp, parseTimestamp } from '@prefect-ts/protocol';
import type { LogTable } from '../storage/tables.ts';
import { parseFrame, type SocketRoute } from './sockets.ts';

const LARGEST_BACKLOG = 4 * 1024 * 1024;

interface LogFilterBody {
  readonly level?: { readonly ge_?: number | null; readonly le_?: number | null } | null;
  readonly timestamp?: { readonly before_?: string | null; readonly after_?: string | null } | null;
  readonly flow_run_id?: { readonly any_?: readonly string[] | null } | null;
  readonly task_run_id?: { readonly any_?: readonly string[] | null; readonly is_null_?: boolean | null } | null;
}

/** Where clients receive lines of log as they come in. */
export const logsOut: SocketRoute = {
  path: '/logs/out',
  async serve(socket, _parameters, core) {
    const frame = await socket.next();
    if (frame === undefined) return;
    const message = parseFrame(frame);
    if (message?.type !== 'filter') return void socket.close(1002, "Expected 'filter' message");
    const filter = (message.filter ?? {}) as LogFilterBody;
    const stop = core.bus.subscribe('logs', (logs) => {
      for (const log of logs)
        if (matches(log, filter) && socket.backlog < LARGEST_BACKLOG)
          socket.send(JSON.stringify({ type: 'log', log: wireLog(log) }));
    });
    try {
      await socket.gone();
    } finally {
      stop();
    }
  },
};

function matches(log: LogTable, { level, timestamp, flow_run_id, task_run_id }: LogFilterBody): boolean {
  if (typeof level?.ge_ === 'number' && log.level < level.ge_) return false;
  if (typeof level?.le_ === 'number' && log.level > level.le_) return false;
  if (timestamp?.after_ && log.timestamp < (parseTimestamp(timestamp.after_) ?? 0)) return false;
  if (timestamp?.before_ && log.timestamp > (parseTimestamp(timestamp.before_) ?? Number.POSITIVE_INFINITY)) return false;
  if (flow_run_id?.any_ && !flow_run_id.any_.includes(log.flow_run_id ?? '')) return false;
  if (task_run_id?.any_ && !task_run_id.any_.includes(log.task_run_id ?? '')) return false;
  return typeof task_run_id?.is_null_ !== 'boolean' || task_run_id.is_null_ === (log.task_run_id === null);
}

function wireLog(log: LogTable) {
  return {
    id: log.id,
    created: null,
    updated: null,
    name: log.name,
    level: log.level,
    message: log.message,
    timestamp: formatTimestamp(log.timestamp),
    flow_run_id: log.flow_run_id,
    task_run_id: log.task_run_id,
  };
}
