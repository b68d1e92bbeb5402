import type { FlowRunResponse, UiFlowRun } from '@prefect-ts/protocol';
import { Link, useNavigate } from '@tanstack/react-router';
import { Ban, Copy, Link2, Pause, Play, RefreshCw, RotateCcw, Shuffle, Trash2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import {
  allowedActions,
  useCancelFlowRun,
  useDeleteFlowRun,
  useResumeFlowRun,
  useRetryFlowRun,
  useSuspendFlowRun,
} from '../../actions/flow-run-actions.ts';
import { usePageActions } from '../../actions/page-actions.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { FlowRunDuration } from '../../run-list/flow-run-row.tsx';
import { Button } from '../../widgets/button.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { type MenuEntry, MoreMenu } from '../../widgets/menu.tsx';
import { StateBadge } from '../../widgets/state-badge.tsx';
import { TagList } from '../../widgets/tag-list.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { tell } from '../../widgets/toasts.tsx';

const ChangeState = lazy(() => import('./change-state.tsx'));

/** Name, state, where the run comes from and where it runs, and what can be done to it. */
export function FlowRunHeader({ run, row }: { run: FlowRunResponse; row: UiFlowRun | undefined }) {
  return (
    <PageHeader
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-2">
          {run.name}
          <StateBadge type={run.state_type} name={run.state_name} large />
        </span>
      }
      tabTitle={runTabTitle(run, row?.flow_name)}
      crumbs={[
        { title: 'Runs', link: { to: '/runs' } },
        ...(row ? [{ title: row.flow_name, link: { to: '/flows/flow/$id' as const, params: { id: row.flow_id } } }] : []),
        ...(row?.deployment_id && row.deployment_name
          ? [
              {
                title: row.deployment_name,
                link: { to: '/deployments/deployment/$id' as const, params: { id: row.deployment_id } },
              },
            ]
          : []),
      ]}
      actions={<FlowRunActions run={run} />}
    >
      <dl className="mt-3 flex flex-wrap gap-x-7 gap-y-2 text-sm">
        <Fact term={run.start_time ? 'Started' : 'Expected'}>
          <RelativeTime at={run.start_time ?? run.expected_start_time} />
        </Fact>
        <Fact term="Duration">
          <span className="tabular">
            <FlowRunDuration run={{ ...run, state_timestamp: run.state?.timestamp ?? null }} />
          </span>
        </Fact>
        {run.run_count > 1 && <Fact term="Attempt">{run.run_count}</Fact>}
        {run.work_pool_name && (
          <Fact term="Work pool">
            <Link to="/work-pools/work-pool/$name" params={{ name: run.work_pool_name }} className="hover:underline">
              {run.work_pool_name}
            </Link>
            {run.work_queue_name && <span className="text-text-2"> / {run.work_queue_name}</span>}
          </Fact>
        )}
        {row?.parent_flow_run_id && (
          <Fact term="Started by">
            <Link to="/runs/flow-run/$id" params={{ id: row.parent_flow_run_id }} className="hover:underline">
              {row.parent_flow_run_name}
            </Link>
          </Fact>
        )}
        {run.created_by?.display_value && <Fact term="Created by">{run.created_by.display_value}</Fact>}
        {run.tags.length > 0 && (
          <Fact term="Tags">
            <TagList tags={run.tags} limit={6} />
          </Fact>
        )}
      </dl>
    </PageHeader>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-text-2">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function FlowRunActions({ run }: { run: FlowRunResponse }) {
  const allowed = allowedActions(run);
  const navigate = useNavigate();
  const cancel = useCancelFlowRun(run.id);
  const retry = useRetryFlowRun(run.id);
  const resume = useResumeFlowRun(run.id);
  const remove = useDeleteFlowRun(run.id);
  const suspend = useSuspendFlowRun(run.id);
  const [asking, setAsking] = useState<'cancel' | 'delete' | 'suspend' | 'state'>();
  const runAgain = () =>
    void (
      run.deployment_id &&
      navigate({ to: '/deployments/deployment/$id/run', params: { id: run.deployment_id }, search: { from: run.id } })
    );
  const entries: MenuEntry[] = [
    {
      id: 'copy-link',
      title: 'Copy the link',
      icon: <Link2 size={14} aria-hidden />,
      run: () => void copy(location.href, 'The link is copied'),
    },
    {
      id: 'copy-id',
      title: 'Copy the id',
      icon: <Copy size={14} aria-hidden />,
      run: () => void copy(run.id, 'The id is copied'),
    },
    { id: 'state', title: 'Change the state…', icon: <Shuffle size={14} aria-hidden />, run: () => setAsking('state') },
    ...(allowed.remove
      ? [{ id: 'delete', title: 'Delete…', danger: true, icon: <Trash2 size={14} aria-hidden />, run: () => setAsking('delete') }]
      : []),
  ];
  usePageActions([
    ...(allowed.resume ? [{ id: 'resume', title: `Resume ${run.name}`, shortcut: 'r', run: () => resume.mutate() }] : []),
    ...(allowed.retry ? [{ id: 'retry', title: `Retry ${run.name}`, shortcut: 'r', run: () => retry.mutate() }] : []),
    ...(allowed.runAgain ? [{ id: 'run-again', title: 'Run again with changes', shortcut: 'R', run: runAgain }] : []),
    ...(allowed.cancel ? [{ id: 'cancel', title: `Cancel ${run.name}…`, shortcut: 'c', run: () => setAsking('cancel') }] : []),
    { id: 'copy-link', title: 'Copy the link', shortcut: 'y', run: () => void copy(location.href, 'The link is copied') },
    { id: 'copy-id', title: 'Copy the id', run: () => void copy(run.id, 'The id is copied') },
    ...RUN_TABS.map(({ tab, title, shortcut }) => ({
      id: `tab-${tab}`,
      title,
      shortcut,
      run: () => void navigate({ to: '/runs/flow-run/$id', params: { id: run.id }, search: { tab } }),
    })),
  ]);
  return (
    <>
      {allowed.resume && (
        <Button
          kind="primary"
          onPress={() => resume.mutate(undefined)}
          isDisabled={resume.isPending}
          icon={<Play size={14} aria-hidden />}
        >
          Resume
        </Button>
      )}
      {allowed.retry && (
        <Button
          kind="primary"
          onPress={() => retry.mutate()}
          isDisabled={retry.isPending}
          icon={<RotateCcw size={14} aria-hidden />}
        >
          Retry
        </Button>
      )}
      {allowed.runAgain && (
        <Button onPress={runAgain} icon={<RefreshCw size={14} aria-hidden />}>
          Run again
        </Button>
      )}
      {allowed.pause && (
        <Button onPress={() => setAsking('suspend')} icon={<Pause size={14} aria-hidden />}>
          Suspend
        </Button>
      )}
      {allowed.cancel && (
        <Button onPress={() => setAsking('cancel')} icon={<Ban size={14} aria-hidden />}>
          Cancel
        </Button>
      )}
      <MoreMenu label="More actions" entries={entries} />
      {asking === 'state' && (
        <Suspense>
          <ChangeState run={run} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
      <ConfirmDialog
        title={`Suspend ${run.name}?`}
        verb="Suspend the run"
        isOpen={asking === 'suspend'}
        onClose={() => setAsking(undefined)}
        isPending={suspend.isPending}
        onConfirm={() => suspend.mutate(undefined, { onSettled: () => setAsking(undefined) })}
      >
        It stops before its next task and its process ends. Resumed within a day, it goes on in a new process and takes results
        that were kept; otherwise it fails.
      </ConfirmDialog>
      <ConfirmDialog
        title={`Cancel ${run.name}?`}
        verb="Cancel the run"
        isOpen={asking === 'cancel'}
        onClose={() => setAsking(undefined)}
        isPending={cancel.isPending}
        onConfirm={() => cancel.mutate(undefined, { onSettled: () => setAsking(undefined) })}
      >
        The run and the subflows that it started are stopped. What they have done so far stays as it is.
      </ConfirmDialog>
      <ConfirmDialog
        title={`Delete ${run.name}?`}
        verb="Delete the run"
        isOpen={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/runs' }) })}
      >
        The run goes with its task runs, states and logs. This cannot be undone.
      </ConfirmDialog>
    </>
  );
}

const RUN_TABS = [
  { tab: 'timeline', title: 'To the timeline', shortcut: 't' },
  { tab: 'graph', title: 'To the graph', shortcut: 'G' },
  { tab: 'logs', title: 'To the log', shortcut: 'l' },
] as const;

async function copy(text: string, done: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  tell(done);
}

/** The title of the tab: a glyph for the state, the run, its flow. */
function runTabTitle(run: FlowRunResponse, flowName: string | undefined): string {
  const glyphs: Record<string, string> = {
    COMPLETED: '✓',
    FAILED: '✗',
    CRASHED: '⚡',
    RUNNING: '▶',
    PAUSED: '⏸',
    CANCELLED: '⊘',
  };
  const glyph = glyphs[run.state_type ?? ''] ?? '○';
  return [`${glyph} ${run.name}`, flowName].filter(Boolean).join(' · ');
}
