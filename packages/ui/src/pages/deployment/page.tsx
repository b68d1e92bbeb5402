import type { DeploymentResponse, UiDeployment } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { CalendarClock, Copy, ListTree, Pencil, Play, Trash2 } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useDeleteDeployment, usePauseDeployment } from '../../actions/deployment-actions.ts';
import { usePageActions } from '../../actions/page-actions.ts';
import { deployment, deploymentRow } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { FlowRunList } from '../../run-list/flow-run-list.tsx';
import { DeploymentStatusBadge } from '../../run-list/status-badges.tsx';
import { Button } from '../../widgets/button.tsx';
import { CommandLine, CopyableId } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { Switch } from '../../widgets/fields.tsx';
import { JsonView } from '../../widgets/json-view.tsx';
import { MoreMenu } from '../../widgets/menu.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { TagList } from '../../widgets/tag-list.tsx';
import { FullTime, RelativeTime } from '../../widgets/time.tsx';
import { tell } from '../../widgets/toasts.tsx';

const EditDeployment = lazy(() => import('./edit-deployment.tsx'));
const SchedulesTab = lazy(() => import('../../schedules/schedules-tab.tsx'));
const Markdown = lazy(() => import('../../widgets/markdown.tsx'));

/** One deployment: what it runs, when, with what, and how that went. */
export function DeploymentPage() {
  const { id } = useParams({ from: '/deployments/deployment/$id' });
  const query = useQuery(deployment(id));
  const row = useQuery(deploymentRow(id));
  useRefreshOn({ topic: 'deployment', filter: { id } }, ['deployment-row', id], row.data?.position);
  if (query.data) return <LoadedDeployment deployment={query.data} row={row.data?.row} />;
  return (
    <>
      <PageHeader title="Deployment" tabTitle="Deployment" crumbs={[{ title: 'Deployments', link: { to: '/deployments' } }]} />
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : (
          <ErrorState title="The deployment could not be loaded" error={query.error} retry={() => void query.refetch()} />
        )}
      </div>
    </>
  );
}

function LoadedDeployment({ deployment: shown, row }: { deployment: DeploymentResponse; row: UiDeployment | undefined }) {
  const { tab = 'runs' } = useSearch({ from: '/deployments/deployment/$id' });
  const navigate = useNavigate({ from: '/deployments/deployment/$id' });
  const runs = useMemo(
    () => ({ deployments: { id: { any_: [shown.id] } }, flow_runs: { state: { name: { not_any_: ['Scheduled'] } } } }),
    [shown.id],
  );
  const upcoming = useMemo(
    () => ({
      deployments: { id: { any_: [shown.id] } },
      flow_runs: { state: { name: { any_: ['Scheduled'] } } },
      sort: 'EXPECTED_START_TIME_ASC' as const,
    }),
    [shown.id],
  );
  return (
    <>
      <DeploymentHeader deployment={shown} row={row} />
      {shown.description && (
        <div className="card mb-4 px-4 py-3">
          <Suspense fallback={shown.description}>
            <Markdown source={shown.description} />
          </Suspense>
        </div>
      )}
      <Tabs
        label="Parts of the deployment"
        tabs={[
          { id: 'runs', title: 'Runs' },
          { id: 'upcoming', title: 'Upcoming' },
          { id: 'schedules', title: 'Schedules', count: shown.schedules.length },
          { id: 'parameters', title: 'Parameters' },
          { id: 'details', title: 'Details' },
        ]}
        selected={tab}
        onSelect={(next) => void navigate({ search: next === 'runs' ? {} : { tab: next } })}
      >
        {tab === 'runs' && (
          <div className="card">
            <FlowRunList
              request={runs}
              empty={
                <EmptyState icon={<ListTree size={20} aria-hidden />} title="It has not run yet">
                  <CommandLine text={`prefect deployment run '${row?.flow_name ?? 'flow'}/${shown.name}'`} />
                </EmptyState>
              }
            />
          </div>
        )}
        {tab === 'upcoming' && (
          <div className="card">
            <FlowRunList
              request={upcoming}
              empty={
                <EmptyState icon={<CalendarClock size={20} aria-hidden />} title="Nothing is scheduled">
                  {shown.paused ? 'The schedules are paused.' : 'Add a schedule, or run it by hand.'}
                </EmptyState>
              }
            />
          </div>
        )}
        {tab === 'schedules' && (
          <Suspense fallback={<SkeletonRows count={3} />}>
            <SchedulesTab deployment={shown} />
          </Suspense>
        )}
        {tab === 'parameters' && <JsonView value={shown.parameters} label="the default parameters" />}
        {tab === 'details' && <Details deployment={shown} />}
      </Tabs>
    </>
  );
}

function DeploymentHeader({ deployment: shown, row }: { deployment: DeploymentResponse; row: UiDeployment | undefined }) {
  const navigate = useNavigate();
  const pause = usePauseDeployment(shown.id);
  const remove = useDeleteDeployment(shown.id);
  const [asking, setAsking] = useState<'delete' | 'edit'>();
  const paused = pause.isPending ? pause.variables : shown.paused;
  usePageActions([
    {
      id: 'run',
      title: `Run ${shown.name}…`,
      shortcut: 'r',
      run: () => void navigate({ to: '/deployments/deployment/$id/run', params: { id: shown.id } }),
    },
    { id: 'pause', title: paused ? 'Take up the schedules' : 'Pause the schedules', run: () => pause.mutate(!paused) },
  ]);
  return (
    <PageHeader
      title={
        <span className="flex flex-wrap items-center gap-3">
          {shown.name}
          <DeploymentStatusBadge status={row?.status ?? shown.status} paused={paused} />
        </span>
      }
      tabTitle={row ? `${shown.name} · ${row.flow_name}` : shown.name}
      crumbs={[
        { title: 'Deployments', link: { to: '/deployments' } },
        ...(row ? [{ title: row.flow_name, link: { to: '/flows/flow/$id', params: { id: row.flow_id } } as const }] : []),
      ]}
      actions={
        <>
          <Switch isSelected={!paused} onChange={(on) => pause.mutate(!on)} isDisabled={pause.isPending}>
            Schedules
          </Switch>
          <Button
            kind="primary"
            icon={<Play size={14} aria-hidden />}
            onPress={() => void navigate({ to: '/deployments/deployment/$id/run', params: { id: shown.id } })}
          >
            Run
          </Button>
          <MoreMenu
            label="More actions"
            entries={[
              { id: 'edit', title: 'Edit…', icon: <Pencil size={14} aria-hidden />, run: () => setAsking('edit') },
              {
                id: 'copy-id',
                title: 'Copy the id',
                icon: <Copy size={14} aria-hidden />,
                run: () => void navigator.clipboard.writeText(shown.id).then(() => tell('The id is copied')),
              },
              {
                id: 'delete',
                title: 'Delete…',
                danger: true,
                icon: <Trash2 size={14} aria-hidden />,
                run: () => setAsking('delete'),
              },
            ]}
          />
        </>
      }
    >
      <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-text-2">
        {shown.work_pool_name && (
          <Link
            to="/work-pools/work-pool/$name"
            params={{ name: shown.work_pool_name }}
            className="rounded-sm hover:text-text hover:underline"
          >
            {shown.work_pool_name}
            {shown.work_queue_name && ` / ${shown.work_queue_name}`}
          </Link>
        )}
        {row?.next_run && !paused && (
          <span>
            next run <RelativeTime at={row.next_run.expected_start_time} />
          </span>
        )}
        <TagList tags={shown.tags} limit={6} />
      </div>
      {asking === 'edit' && (
        <Suspense>
          <EditDeployment deployment={shown} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
      <ConfirmDialog
        title={`Delete ${shown.name}?`}
        verb="Delete the deployment"
        isOpen={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/deployments' }) })}
      >
        Its schedules and the runs that they have planned go with it. Runs that have begun stay.
      </ConfirmDialog>
    </PageHeader>
  );
}

function Details({ deployment: shown }: { deployment: DeploymentResponse }) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <div className="card p-4">
        <DefinitionList
          entries={[
            ['Id', <CopyableId key="id" id={shown.id} />],
            ['Entrypoint', shown.entrypoint && <code className="font-mono">{shown.entrypoint}</code>],
            ['Path', shown.path],
            ['Version', shown.version],
            ['Work queue', shown.work_queue_name],
            ['Concurrency limit', shown.global_concurrency_limit?.limit ?? shown.concurrency_limit],
            ['When the limit is reached', shown.concurrency_options?.collision_strategy],
            ['Parameters are checked', shown.enforce_parameter_schema ? 'yes' : 'no'],
            ['Created', <FullTime key="created" at={shown.created} />],
            ['Updated', <FullTime key="updated" at={shown.updated} />],
          ]}
        />
      </div>
      <div className="space-y-4">
        <section>
          <h2 className="mb-2 text-sm font-semibold">Job variables</h2>
          <JsonView value={shown.job_variables} label="the job variables" />
        </section>
        <section>
          <h2 className="mb-2 text-sm font-semibold">Pull steps</h2>
          <JsonView value={shown.pull_steps ?? []} label="the pull steps" />
        </section>
      </div>
    </div>
  );
}
