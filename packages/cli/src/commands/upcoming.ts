import type { FlowRun, FlowRunResponse, FlowRunSlotSummary } from '@prefect-ts/protocol';
import type { Output } from '../terminal/output.ts';
import { paintState } from '../terminal/states.ts';
import { describeDistance, localTime } from '../terminal/time.ts';

type Upcoming = FlowRun | FlowRunResponse;

/** Lists runs that are going to start, soonest first. */
export function tellUpcoming(out: Output, runs: readonly Upcoming[], format: 'json' | undefined): void {
  const due = (run: Upcoming) => run.next_scheduled_start_time ?? run.expected_start_time;
  const sorted = [...runs].sort((left, right) => (due(left) ?? '').localeCompare(due(right) ?? ''));
  if (format) out.json(sorted);
  else if (sorted.length === 0)
    out.line('No runs found - try increasing how far into the future you preview with the --hours flag');
  else tellRuns(out, sorted, due);
}

function tellRuns(out: Output, sorted: readonly Upcoming[], due: (run: Upcoming) => string | null): void {
  out.table(sorted, [
    { title: 'Scheduled Start Time', cell: (run) => `${localTime(due(run))} (${describeDistance(due(run))})` },
    { title: 'Run ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
    { title: 'Name', cell: ({ name }) => name },
    { title: 'Deployment ID', cell: ({ deployment_id }) => deployment_id },
  ]);
}

interface SlotUse {
  readonly active_slots: number;
  readonly concurrency_limit: number | null;
  readonly queues?: readonly { readonly queue_name: string; readonly flow_runs: readonly FlowRunSlotSummary[] }[];
  readonly flow_runs?: readonly FlowRunSlotSummary[];
}

/** Tells how many slots are taken, and by which runs. */
export function tellSlots(out: Output, use: SlotUse): void {
  out.line(
    `  Slots: ${use.active_slots} active (${use.concurrency_limit === null ? 'Unlimited' : `of ${use.concurrency_limit}`})\n`,
  );
  const runs: (FlowRunSlotSummary & { queue: string })[] = [
    ...(use.queues ?? []).flatMap(({ queue_name, flow_runs }) => flow_runs.map((run) => ({ ...run, queue: queue_name }))),
    ...(use.flow_runs ?? []).map((run) => ({ ...run, queue: '' })),
  ];
  if (runs.length === 0) out.line('No flow runs occupying slots.');
  else
    out.table(runs, [
      { title: 'Run ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Name', cell: ({ name }) => name },
      ...(use.queues ? [{ title: 'Queue', cell: ({ queue }: (typeof runs)[number]) => queue }] : []),
      {
        title: 'State',
        cell: ({ state_name }) => state_name,
        paint: (text, { state_type }) => paintState(out, state_type, text),
      },
      { title: 'Since', cell: ({ state_timestamp }) => describeDistance(state_timestamp) },
    ]);
}
