import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { call } from '../../api/client.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { type AutomationDraft, draftOf, emptyDraft, RESOURCE_ID } from '../../automations/draft.ts';
import { TEMPLATES } from '../../automations/templates.ts';
import type { AutomationDraftSearch } from '../../filters/automation-draft-search.ts';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { AutomationEditor } from './editor.tsx';

const CRUMBS = [{ title: 'Automations', link: { to: '/automations' as const } }];

/** Makes an automation: from a template, from an event, as a copy of another, or from nothing. */
export function AutomationCreatePage() {
  const search = useSearch({ from: '/automations/create' });
  const navigate = useNavigate();
  const header = <PageHeader title="New automation" tabTitle="New automation" crumbs={CRUMBS} />;
  const editor = (draft: AutomationDraft) => (
    <AutomationEditor
      key={JSON.stringify(search)}
      draft={draft}
      onSaved={(id) => void navigate({ to: '/automations/automation/$id', params: { id } })}
      onCancel={() => void navigate({ to: '/automations' })}
    />
  );
  if (search.from === undefined)
    return (
      <>
        {header}
        {editor(beginning(search))}
      </>
    );
  return (
    <>
      {header}
      <WithAutomation id={search.from}>{(draft) => editor({ ...draft, name: `${draft.name} (copy)` })}</WithAutomation>
    </>
  );
}

/** Changes an automation. */
export function AutomationEditPage() {
  const { id } = useParams({ from: '/automations/automation/$id/edit' });
  const navigate = useNavigate();
  const leave = () => void navigate({ to: '/automations/automation/$id', params: { id } });
  return (
    <>
      <PageHeader title="Edit automation" tabTitle="Edit automation" crumbs={CRUMBS} />
      <WithAutomation id={id}>
        {(draft) => <AutomationEditor id={id} draft={draft} onSaved={leave} onCancel={leave} />}
      </WithAutomation>
    </>
  );
}

/** Reads an automation once; somebody who edits it keeps what they typed whatever happens meanwhile. */
function WithAutomation({ id, children }: { id: string; children: (draft: AutomationDraft) => ReactNode }) {
  const query = useQuery({
    queryKey: ['automation-draft', id],
    queryFn: ({ signal }) => call('GET /automations/{id}', { path: { id } }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (query.data) return children(draftOf(query.data));
  return (
    <div className="card">
      {query.isPending ? (
        <SkeletonRows />
      ) : (
        <ErrorState title="The automation could not be loaded" error={query.error} retry={() => void query.refetch()} />
      )}
    </div>
  );
}

/** What a new automation begins with. */
function beginning({ template, event, resource }: AutomationDraftSearch): AutomationDraft {
  const draft = emptyDraft();
  if (event !== undefined) {
    const trigger = TEMPLATES.find(({ id }) => id === 'custom')?.trigger() ?? draft.trigger;
    const match = resource === undefined ? {} : { [RESOURCE_ID]: resource };
    return {
      ...draft,
      trigger: { ...trigger, type: 'event', expect: [event], match, for_each: [RESOURCE_ID] } as typeof trigger,
    };
  }
  const chosen = TEMPLATES.find(({ id }) => id === template);
  return chosen ? { ...draft, name: chosen.id === 'custom' ? '' : chosen.title, trigger: chosen.trigger() } : draft;
}
