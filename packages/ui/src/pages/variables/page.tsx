import type { Variable } from '@prefect-ts/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Braces, Copy, Download, Pencil, Plus, SearchX, Trash2 } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { useDeleteVariables } from '../../actions/variable-actions.ts';
import { variables } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { TagFilter } from '../../filters/tag-filter.tsx';
import { Button } from '../../widgets/button.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { MoreMenu } from '../../widgets/menu.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { saveFile } from '../../widgets/save-file.ts';
import { TagList } from '../../widgets/tag-list.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { tell } from '../../widgets/toasts.tsx';
import { useDebouncedText } from '../../widgets/use-debounced.ts';

const VariableDialog = lazy(() => import('./variable-dialog.tsx'));

/** Every variable with its value, to be looked up, changed and deleted. */
export function VariablesPage() {
  const { name = '', tag = [] } = useSearch({ from: '/variables' });
  const navigate = useNavigate();
  const query = useInfiniteQuery(variables(name, tag));
  // Runs set variables too.
  useRefreshOn({ topic: 'counts', filter: {} }, ['variables'], query.data ? null : undefined);
  const [editing, setEditing] = useState<Variable | 'new'>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<readonly Variable[]>();
  const remove = useDeleteVariables();
  const go = useCallback(
    (search: { name: string; tag: string[] }) =>
      void navigate({
        to: '/variables',
        search: { ...(search.name ? { name: search.name } : {}), ...(search.tag.length > 0 ? { tag: search.tag } : {}) },
        replace: true,
      }),
    [navigate],
  );
  const tags = tag.join('\n');
  const [draft, setDraft] = useDebouncedText(
    name,
    useCallback((text: string) => go({ name: text, tag: tags === '' ? [] : tags.split('\n') }), [go, tags]),
  );
  const rows = query.data?.pages.flat();
  const picked = rows?.filter(({ id }) => chosen.has(id)) ?? [];
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <>
      <PageHeader
        title="Variables"
        tabTitle="Variables"
        actions={
          <>
            {rows && rows.length > 0 && (
              <Button
                icon={<Download size={14} aria-hidden />}
                onPress={() => saveFile('variables.json', 'application/json', exported(picked.length > 0 ? picked : rows))}
              >
                Export
              </Button>
            )}
            <Button kind="primary" icon={<Plus size={14} aria-hidden />} onPress={() => setEditing('new')}>
              Add a variable
            </Button>
          </>
        }
      />
      <search className="mb-4 flex flex-wrap items-center gap-2">
        <SearchField label="Search variables" value={draft} onChange={setDraft} />
        <TagFilter tags={tag} onChange={(next) => go({ name, tag: next })} />
        {picked.length > 0 && (
          <Button icon={<Trash2 size={14} aria-hidden />} onPress={() => setAsking(picked)}>
            {`Delete ${picked.length}…`}
          </Button>
        )}
      </search>
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : !rows ? (
          <ErrorState title="The variables could not be loaded" error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          name || tag.length > 0 ? (
            <EmptyState icon={<SearchX size={20} aria-hidden />} title="No variable matches these filters">
              <Button onPress={() => go({ name: '', tag: [] })}>Clear the filters</Button>
            </EmptyState>
          ) : (
            <EmptyState
              icon={<Braces size={20} aria-hidden />}
              title="No variables yet"
              command="prefect variable set my_name my-value"
            >
              <p>A variable is a value that flows and deployments look up by name, and that changes without a deploy.</p>
            </EmptyState>
          )
        ) : (
          <ul className="divide-y" aria-busy={query.isPlaceholderData}>
            {rows.map((variable) => (
              <li key={variable.id} className="flex items-center gap-3 px-4 py-2.5">
                <label className="flex size-6 shrink-0 cursor-pointer items-center justify-center pointer-coarse:size-11">
                  <input
                    type="checkbox"
                    aria-label={`Choose ${variable.name}`}
                    checked={chosen.has(variable.id)}
                    onChange={() => toggle(variable.id)}
                    className="size-4 accent-[var(--accent)]"
                  />
                </label>
                <div className="grid min-w-0 flex-1 gap-x-6 gap-y-0.5 md:grid-cols-[minmax(10rem,16rem)_1fr_auto_6rem] md:items-center">
                  <button
                    type="button"
                    onClick={() => setEditing(variable)}
                    className="min-h-6 cursor-pointer truncate text-start font-mono text-sm font-medium hover:underline"
                  >
                    {variable.name}
                  </button>
                  <code title={JSON.stringify(variable.value)} className="truncate font-mono text-sm text-text-2">
                    {JSON.stringify(variable.value)}
                  </code>
                  <span className="empty:hidden md:empty:block">
                    <TagList tags={variable.tags} />
                  </span>
                  <span className="text-sm text-text-2 md:text-end">
                    <RelativeTime at={variable.updated} />
                  </span>
                </div>
                <MoreMenu
                  label={`More about ${variable.name}`}
                  entries={[
                    { id: 'edit', title: 'Edit…', icon: <Pencil size={14} aria-hidden />, run: () => setEditing(variable) },
                    {
                      id: 'copy',
                      title: 'Copy as template',
                      icon: <Copy size={14} aria-hidden />,
                      run: () =>
                        void navigator.clipboard
                          .writeText(`{{ prefect.variables.${variable.name} }}`)
                          .then(() => tell('The template is copied')),
                    },
                    {
                      id: 'delete',
                      title: 'Delete…',
                      danger: true,
                      icon: <Trash2 size={14} aria-hidden />,
                      run: () => setAsking([variable]),
                    },
                  ]}
                />
              </li>
            ))}
          </ul>
        )}
        {query.hasNextPage && (
          <div className="flex justify-center border-t p-3">
            <Button onPress={() => void query.fetchNextPage()} isDisabled={query.isFetchingNextPage}>
              Show more
            </Button>
          </div>
        )}
      </div>
      {editing && (
        <Suspense>
          <VariableDialog saved={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
        </Suspense>
      )}
      <ConfirmDialog
        title={asking?.length === 1 ? `Delete ${asking[0]?.name}?` : `Delete ${asking?.length} variables?`}
        verb={asking?.length === 1 ? 'Delete the variable' : `Delete ${asking?.length} variables`}
        isOpen={asking !== undefined}
        onClose={() => setAsking(undefined)}
        isPending={remove.isPending}
        onConfirm={() =>
          remove.mutate(asking?.map(({ id }) => id) ?? [], {
            onSettled: () => {
              setAsking(undefined);
              setChosen(new Set());
            },
          })
        }
      >
        Flows that look {asking?.length === 1 ? 'it' : 'them'} up find nothing any more.
      </ConfirmDialog>
    </>
  );
}

/** As `prefect variable set` and scripts take them: by name. */
function exported(rows: readonly Variable[]): string {
  return `${JSON.stringify(Object.fromEntries(rows.map(({ name, value, tags }) => [name, { value, tags }])), null, 2)}\n`;
}
