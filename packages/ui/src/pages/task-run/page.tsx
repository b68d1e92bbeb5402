import { isTerminal, type TaskRun } from '@prefect-ts/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { ApiError } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { flowRunRow, taskRun, taskRunStates } from '../../api/queries.ts';
import { type Crumb, PageHeader } from '../../app-shell/page-header.tsx';
import { LogView } from '../../logs/log-view.tsx';
import { FlowRunDuration } from '../../run-list/flow-run-row.tsx';
import { taskLabel } from '../../timeline/layout.ts';
import { CopyableId } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { StateBadge } from '../../widgets/state-badge.tsx';
import { StateHistory } from '../../widgets/state-history.tsx';
import { TagList } from '../../widgets/tag-list.tsx';
import { FullTime } from '../../widgets/time.tsx';

const NO_NAMES = new Map<string, string>();

/** One task run: its state, times, log and history. */
export function TaskRunPage() {
  const { id } = useParams({ from: '/runs/task-run/$id' });
  const query = useQuery(taskRun(id));
  if (query.data) return <LoadedTaskRun task={query.data} />;
  const missing = query.error instanceof ApiError && (query.error.status === 404 || query.error.status === 422);
  return (
    <>
      <PageHeader title="Task run" tabTitle="Task run" crumbs={[{ title: 'Runs', link: { to: '/runs' } }]} />
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : missing ? (
          <EmptyState icon={<SearchX size={20} aria-hidden />} title="There is no such task run">
            <p className="break-all">No task run has the id {id}.</p>
          </EmptyState>
        ) : (
          <ErrorState title="The task run could not be loaded" error={query.error} retry={() => void query.refetch()} />
        )}
      </div>
    </>
  );
}

function LoadedTaskRun({ task }: { task: TaskRun }) {
  const queries = useQueryClient();
  const parent = useQuery({ ...flowRunRow(task.flow_run_id ?? ''), enabled: task.flow_run_id !== null });
  const states = useQuery(taskRunStates(task.id));
  useLive(
    { topic: 'task_runs', filter: { flow_run_id: task.flow_run_id ?? '' } },
    task.flow_run_id ? null : undefined,
    (changes) => {
      if (!changes.some((change) => change.kind === 'changed' || (change.kind === 'task_run' && change.row.id === task.id)))
        return;
      void queries.invalidateQueries({ queryKey: taskRun(task.id).queryKey });
      void queries.invalidateQueries({ queryKey: taskRunStates(task.id).queryKey });
    },
  );
  const crumbs: Crumb[] = [
    { title: 'Runs', link: { to: '/runs' } },
    ...(parent.data
      ? [{ title: parent.data.row.name, link: { to: '/runs/flow-run/$id' as const, params: { id: parent.data.row.id } } }]
      : []),
  ];
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {task.name}
            <StateBadge type={task.state_type} name={task.state_name} large />
          </span>
        }
        tabTitle={`${task.name} · ${parent.data?.row.name ?? 'Task run'}`}
        crumbs={crumbs}
      />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[22rem_1fr]">
        <div className="card space-y-4 p-4">
          {task.state?.message && <p className="text-sm break-words">{task.state.message}</p>}
          <DefinitionList
            entries={[
              ['Id', <CopyableId key="id" id={task.id} />],
              ['Task', taskLabel(task.task_key)],
              ['Started', <FullTime key="start" at={task.start_time} />],
              ['Ended', <FullTime key="end" at={task.end_time} />],
              ['Duration', <FlowRunDuration key="span" run={{ ...task, state_timestamp: task.state?.timestamp ?? null }} />],
              ['Attempts', task.run_count],
              ['Retries allowed', task.empirical_policy.retries],
              ['Cache key', task.cache_key],
              ['Tags', task.tags.length > 0 ? <TagList key="tags" tags={task.tags} limit={8} /> : null],
            ]}
          />
          <TaskInputs task={task} />
        </div>
        <div className="min-w-0 space-y-4">
          {task.flow_run_id && (
            <section className="card" aria-label="Log of this task run">
              <h2 className="border-b px-4 py-2.5 text-sm font-semibold">Log</h2>
              <LogView
                scope={{ flowRunId: task.flow_run_id, taskRunId: task.id, level: 10, text: '' }}
                taskNames={NO_NAMES}
                live={!isTerminal(task.state_type)}
                compact
              />
            </section>
          )}
          {states.data && (
            <section aria-label="States">
              <h2 className="mb-2 text-sm font-semibold">States</h2>
              <StateHistory states={states.data} />
            </section>
          )}
        </div>
      </div>
    </>
  );
}

/** What the task was given: other runs, parameters of the flow, constants. */
function TaskInputs({ task }: { task: TaskRun }) {
  const names = Object.entries(task.task_inputs).filter(([name, inputs]) => name !== '__parents__' && inputs.length > 0);
  if (names.length === 0) return null;
  return (
    <div>
      <h2 className="mb-1.5 text-sm font-semibold">Inputs</h2>
      <ul className="space-y-1 text-sm">
        {names.map(([name, inputs]) => (
          <li key={name} className="flex flex-wrap gap-x-2">
            <code className="font-mono text-text-2">{name}</code>
            {inputs.map((input, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: inputs have no identity but their place
              <span key={index}>
                {input.input_type === 'task_run' ? (
                  <Link to="/runs/task-run/$id" params={{ id: input.id }} className="text-accent-fg underline">
                    task run {input.id.slice(0, 8)}
                  </Link>
                ) : input.input_type === 'flow_run' ? (
                  <Link to="/runs/flow-run/$id" params={{ id: input.id }} className="text-accent-fg underline">
                    flow run {input.id.slice(0, 8)}
                  </Link>
                ) : input.input_type === 'parameter' ? (
                  `parameter ${input.name}`
                ) : (
                  `constant ${input.type}`
                )}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}
