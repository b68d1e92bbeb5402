import type { UiAutomation } from '@prefect-ts/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Zap } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useEnableAutomation } from '../../actions/automation-actions.ts';
import { automations } from '../../api/automation-queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { draftOf } from '../../automations/draft.ts';
import { TEMPLATES } from '../../automations/templates.ts';
import { automationSentence, type Names } from '../../automations/words.ts';
import { PagedList } from '../../run-list/paged-list.tsx';
import { Button } from '../../widgets/button.tsx';
import { SearchField, Switch } from '../../widgets/fields.tsx';
import { PRIMARY_LINK } from '../../widgets/link-look.ts';
import { EmptyState } from '../../widgets/notice.tsx';
import { TagList } from '../../widgets/tag-list.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { useDebouncedText } from '../../widgets/use-debounced.ts';

/** Every automation: what it waits for, what it does, how often it did. */
export function AutomationsPage() {
  const { name = '' } = useSearch({ from: '/automations' });
  const navigate = useNavigate({ from: '/automations' });
  const query = useInfiniteQuery(automations(name));
  useRefreshOn(
    { topic: 'events', filter: { event: { prefix: ['prefect.automation.'] } } },
    ['automations'],
    query.data ? null : undefined,
  );
  const names: Names = useMemo(
    () => new Map(query.data?.pages.flatMap((page) => Object.entries(page.names)) ?? []),
    [query.data],
  );
  const setName = useCallback(
    (next: string) => void navigate({ search: next ? { name: next } : {}, resetScroll: false }),
    [navigate],
  );
  const [draft, setDraft] = useDebouncedText(name, setName);
  const isEmpty = name === '' && query.data?.pages[0]?.results.length === 0;
  return (
    <>
      <PageHeader
        title="Automations"
        tabTitle="Automations"
        actions={
          <Link to="/automations/create" className={PRIMARY_LINK}>
            <Plus size={14} aria-hidden /> New automation
          </Link>
        }
      />
      {!isEmpty && (
        <search className="mb-4 flex">
          <SearchField label="Search automations by name" placeholder="Name" value={draft} onChange={setDraft} />
        </search>
      )}
      <PagedList
        query={query}
        noun="automation"
        row={(automation) => <AutomationRow automation={automation} names={names} />}
        empty={name ? <NoMatch onClear={() => setName('')} /> : <NoAutomations />}
      />
    </>
  );
}

function AutomationRow({ automation, names }: { automation: UiAutomation; names: Names }) {
  const enable = useEnableAutomation(automation.id);
  const enabled = enable.isPending ? enable.variables : automation.enabled;
  return (
    <div className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1.5 px-4 py-3 transition-colors duration-100 hover:bg-surface-2 lg:grid-cols-[minmax(0,1fr)_15rem_auto]">
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            to="/automations/automation/$id"
            params={{ id: automation.id }}
            className="truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
          >
            {automation.name}
          </Link>
          <span className="hidden sm:inline">
            <TagList tags={automation.tags} limit={3} />
          </span>
        </div>
        <p className={`line-clamp-2 text-sm break-words ${enabled ? 'text-text-2' : 'text-text-2 italic'}`}>
          {automationSentence(draftOf(automation), names)}
        </p>
      </div>
      <div className="order-last col-span-2 text-sm text-text-2 lg:order-none lg:col-span-1 lg:text-end">
        {automation.fired === 0 ? (
          'Not fired in 7 days'
        ) : (
          <>
            <span className="tabular block text-text">
              Fired {automation.fired.toLocaleString('en')} {automation.fired === 1 ? 'time' : 'times'} in 7 days
            </span>
            <span>
              {automation.failed > 0 && (
                <span className="font-medium text-failed-fg">
                  {automation.failed.toLocaleString('en')} {automation.failed === 1 ? 'action' : 'actions'} failed ·{' '}
                </span>
              )}
              last <RelativeTime at={automation.last_fired} />
            </span>
          </>
        )}
      </div>
      <div className="relative z-10">
        <Switch label={`${automation.name} is enabled`} isSelected={enabled} onChange={(on) => enable.mutate(on)} />
      </div>
    </div>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState icon={<Zap size={20} aria-hidden />} title="No automation has this in its name">
      <Button onPress={onClear}>Clear the search</Button>
    </EmptyState>
  );
}

function NoAutomations() {
  return (
    <EmptyState
      icon={<Zap size={20} aria-hidden />}
      title="No automations yet"
      command="prefect automation create --from-file automation.yaml"
    >
      <p>An automation waits for something to happen, or not to happen, and then does something about it. Begin with:</p>
      <ul className="mx-auto mt-4 grid max-w-2xl grid-cols-1 gap-2 text-start sm:grid-cols-2">
        {TEMPLATES.map((template) => (
          <li key={template.id}>
            <Link
              to="/automations/create"
              search={{ template: template.id }}
              className="block rounded-md border px-3 py-2 transition-colors duration-100 hover:border-border-strong hover:bg-surface-2"
            >
              <span className="block text-sm font-medium text-text">{template.title}</span>
              <span className="block text-xs">{template.description}</span>
            </Link>
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
