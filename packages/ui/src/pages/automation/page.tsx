import type { UiAutomation } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Copy, Pencil, SearchX, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useDeleteAutomation, useEnableAutomation } from '../../actions/automation-actions.ts';
import { usePageActions } from '../../actions/page-actions.ts';
import { automation as automationQuery } from '../../api/automation-queries.ts';
import { ApiError } from '../../api/client.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { draftOf } from '../../automations/draft.ts';
import { ActionWords, TriggerWords } from '../../automations/explained.tsx';
import { automationSentence, type Names } from '../../automations/words.ts';
import { CopyableId } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { Switch } from '../../widgets/fields.tsx';
import { JsonView } from '../../widgets/json-view.tsx';
import { PLAIN_LINK } from '../../widgets/link-look.ts';
import { MoreMenu } from '../../widgets/menu.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { TagList } from '../../widgets/tag-list.tsx';
import { FullTime, RelativeTime } from '../../widgets/time.tsx';
import { FiringList } from './firing-list.tsx';

const CRUMBS = [{ title: 'Automations', link: { to: '/automations' as const } }];

/** One automation: what it waits for, what it does, and what it did. */
export function AutomationPage() {
  const { id } = useParams({ from: '/automations/automation/$id' });
  const query = useQuery(automationQuery(id));
  useRefreshOn(
    { topic: 'events', filter: { event: { prefix: ['prefect.automation.'] }, resource: { id: [`prefect.automation.${id}`] } } },
    ['automation', id],
    query.data ? null : undefined,
  );
  if (query.data) return <LoadedAutomation automation={query.data.row} names={query.data.names} />;
  const missing = query.error instanceof ApiError && (query.error.status === 404 || query.error.status === 422);
  return (
    <>
      <PageHeader title="Automation" tabTitle="Automation" crumbs={CRUMBS} />
      <div className="card">
        {query.isPending && <SkeletonRows />}
        {query.isError && missing && (
          <EmptyState icon={<SearchX size={20} aria-hidden />} title="There is no such automation">
            <p className="break-all">No automation has the id {id}. It may have been deleted.</p>
          </EmptyState>
        )}
        {query.isError && !missing && (
          <ErrorState title="The automation could not be loaded" error={query.error} retry={() => void query.refetch()} />
        )}
      </div>
    </>
  );
}

function LoadedAutomation({ automation, names }: { automation: UiAutomation; names: Names }) {
  const draft = draftOf(withoutCounts(automation));
  const enable = useEnableAutomation(automation.id);
  const enabled = enable.isPending ? enable.variables : automation.enabled;
  const navigate = useNavigate();
  usePageActions([
    {
      id: 'edit',
      title: `Edit ${automation.name}`,
      shortcut: 'e',
      run: () => void navigate({ to: '/automations/automation/$id/edit', params: { id: automation.id } }),
    },
    { id: 'enable', title: enabled ? 'Disable the automation' : 'Enable the automation', run: () => enable.mutate(!enabled) },
  ]);
  const hasMore = automation.actions_on_trigger.length > 0 || automation.actions_on_resolve.length > 0;
  return (
    <>
      <PageHeader
        title={automation.name}
        tabTitle={`${automation.name} · Automation`}
        crumbs={CRUMBS}
        actions={
          <>
            <Switch isSelected={enabled} onChange={(on) => enable.mutate(on)}>
              {enabled ? 'Enabled' : 'Disabled'}
            </Switch>
            <Link to="/automations/automation/$id/edit" params={{ id: automation.id }} className={PLAIN_LINK}>
              <Pencil size={14} aria-hidden /> Edit
            </Link>
            <More automation={automation} />
          </>
        }
      >
        <p className="mt-1 max-w-4xl text-base break-words">{automationSentence(draft, names)}</p>
        {automation.description && <p className="mt-1 max-w-4xl text-sm break-words text-text-2">{automation.description}</p>}
        {automation.tags.length > 0 && (
          <div className="mt-2">
            <TagList tags={automation.tags} limit={8} />
          </div>
        )}
      </PageHeader>
      <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
        <div className="space-y-4">
          <Card title="When">
            <TriggerWords trigger={draft.trigger} />
          </Card>
          <Card title="Then">
            <ActionWords actions={draft.actions} names={names} />
          </Card>
          {hasMore && (
            <Card title="Besides">
              {draft.actions_on_trigger.length > 0 && (
                <>
                  <h3 className="mb-1 text-sm text-text-2">Whenever it is triggered</h3>
                  <ActionWords actions={draft.actions_on_trigger} names={names} />
                </>
              )}
              {draft.actions_on_resolve.length > 0 && (
                <>
                  <h3 className="mt-3 mb-1 text-sm text-text-2">When it resolves</h3>
                  <ActionWords actions={draft.actions_on_resolve} names={names} />
                </>
              )}
            </Card>
          )}
          <Card title="About">
            <DefinitionList
              entries={[
                ['Id', <CopyableId key="id" id={automation.id} />],
                ['Created', <FullTime key="created" at={automation.created} />],
                ['Changed', <RelativeTime key="updated" at={automation.updated} />],
              ]}
            />
          </Card>
        </div>
        <div className="min-w-0 space-y-4">
          <FiringList automation={automation} />
          <details className="card">
            <summary className="cursor-pointer px-4 py-2.5 text-sm font-semibold">As JSON</summary>
            <div className="border-t p-4">
              <JsonView value={draft} label="the automation as JSON" />
            </div>
          </details>
        </div>
      </div>
    </>
  );
}

function withoutCounts({ last_fired: _last, fired: _fired, failed: _failed, ...automation }: UiAutomation) {
  return automation;
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card" aria-label={title}>
      <h2 className="border-b px-4 py-2.5 text-sm font-semibold">{title}</h2>
      <div className="p-4">{children}</div>
    </section>
  );
}

function More({ automation }: { automation: UiAutomation }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = useDeleteAutomation(automation.id);
  return (
    <>
      <MoreMenu
        label={`More for ${automation.name}`}
        entries={[
          {
            id: 'copy',
            title: 'Duplicate',
            icon: <Copy size={14} aria-hidden />,
            run: () => void navigate({ to: '/automations/create', search: { from: automation.id } }),
          },
          { id: 'delete', title: 'Delete…', icon: <Trash2 size={14} aria-hidden />, danger: true, run: () => setAsking(true) },
        ]}
      />
      <ConfirmDialog
        title="Delete the automation?"
        verb="Delete"
        isOpen={asking}
        onClose={() => setAsking(false)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/automations' }) })}
      >
        “{automation.name}” will no longer react to anything. What it has done stays in the events.
      </ConfirmDialog>
    </>
  );
}
