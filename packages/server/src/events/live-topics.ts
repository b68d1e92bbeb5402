import { formatTimestamp, type UiFlowRunPageRequest } from '@prefect-ts/protocol';
import { contract, SchemaCompiler } from '@prefect-ts/protocol/contract';
import type { Core } from '../core.ts';
import { flowRunsOfPage } from '../resources/ui-views/flow-run-page.ts';
import { taskRunMarks } from '../resources/ui-views/timeline.ts';
import type { LogTable } from '../storage/tables.ts';
import type { Change } from './change-feed.ts';

/** What a subscription asks for, once checked. */
export interface LiveTopic {
  /** Milliseconds between two messages, so that a busy server does not drown a page. */
  readonly every: number;
  /** Whether changes of the past can still be told; of what only passes by they cannot. */
  readonly replays: boolean;
  /** Whether a change may concern this topic; what cannot is not even looked up. */
  concerns(change: Change): boolean;
  /** What a page is told of changes that concern it. */
  tell(core: Core, changes: readonly Change[], logs: readonly LogTable[]): Promise<unknown[]>;
}

/** More changes than this at once are told as one: look again. */
const MOST_ROWS = 400;
const LOOK_AGAIN = [{ kind: 'changed' }];
const ROWS_MS = 100;
const SUMMARIES_MS = 1000;

const compiler = new SchemaCompiler(contract.components.schemas);
const readPageRequest = compiler.compile({ $ref: '#/components/schemas/UiFlowRunPageRequest' }, 'filter');

/** Reads a subscription; nothing when its topic or filter makes no sense. */
export function liveTopic(topic: unknown, filter: unknown): LiveTopic | undefined {
  const members = typeof filter === 'object' && filter !== null ? (filter as Readonly<Record<string, unknown>>) : {};
  const text = (name: string) => (typeof members[name] === 'string' ? members[name] : undefined);
  switch (topic) {
    case 'flow_runs':
      return flowRuns(members);
    case 'task_runs':
      return withText(text('flow_run_id'), taskRuns);
    case 'logs':
      return withText(text('flow_run_id'), logLines);
    case 'pool':
      return withText(text('name'), workPool);
    case 'deployment':
      return withText(text('id'), deployment);
    case 'counts':
      return {
        every: SUMMARIES_MS,
        replays: true,
        concerns: ({ kind }) => kind !== 'log' && kind !== 'task-run',
        tell: async () => LOOK_AGAIN,
      };
    default:
      return undefined;
  }
}

function withText(text: string | undefined, make: (text: string) => LiveTopic): LiveTopic | undefined {
  return text === undefined ? undefined : make(text);
}

/** Rows of a page of flow runs: those that match come as rows, the others as gone. */
function flowRuns(filter: object): LiveTopic | undefined {
  const outcome = readPageRequest(filter);
  if (!outcome.ok) return undefined;
  const request = outcome.value as UiFlowRunPageRequest;
  const only = request.flow_runs?.id?.any_;
  return {
    every: ROWS_MS,
    replays: true,
    concerns: ({ kind, id }) => kind === 'flow-run' && (!only || only.includes(id)),
    async tell(core, changes) {
      const ids = idsOf(changes);
      if (ids.length > MOST_ROWS) return LOOK_AGAIN;
      const rows = await flowRunsOfPage(core, request, ids);
      const matching = new Set(rows.map((row) => row.id));
      return [
        ...rows.map((row) => ({ kind: 'flow_run', row })),
        ...ids.filter((id) => !matching.has(id)).map((id) => ({ kind: 'flow_run_gone', id })),
      ];
    },
  };
}

function taskRuns(flowRunId: string): LiveTopic {
  return {
    every: ROWS_MS,
    replays: true,
    concerns: ({ kind }) => kind === 'task-run',
    async tell(core, changes) {
      const ids = idsOf(changes);
      if (ids.length > MOST_ROWS) return LOOK_AGAIN;
      return (await taskRunMarks(core, flowRunId, ids)).map((row) => ({ kind: 'task_run', row }));
    },
  };
}

/** Lines of a run as they come in; what was missed cannot be told line by line. */
function logLines(flowRunId: string): LiveTopic {
  return {
    every: ROWS_MS,
    replays: false,
    concerns: ({ kind, id }) => kind === 'log' && id === flowRunId,
    async tell(_core, _changes, logs) {
      const mine = logs.filter((log) => log.flow_run_id === flowRunId);
      return mine.length === 0 ? LOOK_AGAIN : mine.map((log) => ({ kind: 'log', row: wireLog(log) }));
    },
  };
}

function wireLog({ worker_id: _worker, created, timestamp, ...log }: LogTable) {
  return { ...log, created: formatTimestamp(created), updated: formatTimestamp(created), timestamp: formatTimestamp(timestamp) };
}

const POOL_KINDS: ReadonlySet<Change['kind']> = new Set(['flow-run', 'work-pool', 'work-queue', 'worker']);

function workPool(name: string): LiveTopic {
  return {
    every: SUMMARIES_MS,
    replays: true,
    concerns: ({ kind }) => POOL_KINDS.has(kind),
    async tell(core, changes) {
      const runs = changes.filter(({ kind }) => kind === 'flow-run').map(({ id }) => id);
      if (runs.length < changes.length || runs.length > MOST_ROWS) return LOOK_AGAIN;
      return anyOrNone(
        await core.read.first(
          core.storage.builder
            .selectFrom('flow_run')
            .innerJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
            .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
            .select('flow_run.id')
            .where('flow_run.id', 'in', runs)
            .where('work_pool.name', '=', name)
            .limit(1),
        ),
      );
    },
  };
}

function deployment(id: string): LiveTopic {
  return {
    every: SUMMARIES_MS,
    replays: true,
    concerns: (change) => change.kind === 'flow-run' || (change.kind === 'deployment' && change.id === id),
    async tell(core, changes) {
      const runs = changes.filter(({ kind }) => kind === 'flow-run').map((change) => change.id);
      if (runs.length < changes.length || runs.length > MOST_ROWS) return LOOK_AGAIN;
      return anyOrNone(
        await core.read.first(
          core.storage.builder
            .selectFrom('flow_run')
            .select('flow_run.id')
            .where('flow_run.id', 'in', runs)
            .where('deployment_id', '=', id)
            .limit(1),
        ),
      );
    },
  };
}

function anyOrNone(row: object | undefined): unknown[] {
  return row ? LOOK_AGAIN : [];
}

function idsOf(changes: readonly Change[]): string[] {
  return [...new Set(changes.map(({ id }) => id))];
}
