import type { UiConcurrencyLimit } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Gauge, Plus, SearchX } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { concurrencyLimits } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { Button } from '../../widgets/button.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { LimitRow } from './limit-row.tsx';

const LimitDialog = lazy(() => import('./limit-dialog.tsx'));

type Kind = 'global' | 'tags';

/** Every concurrency limit: those that code takes slots of by name, and those of tags. */
export function ConcurrencyPage() {
  const { tab = 'global', name = '' } = useSearch({ from: '/concurrency-limits' });
  const navigate = useNavigate({ from: '/concurrency-limits' });
  const query = useLimits();
  const [editing, setEditing] = useState<UiConcurrencyLimit | 'new'>();
  const of = (kind: Kind) => query.data?.results.filter((limit) => (limit.tag === null) === (kind === 'global'));
  const shown = of(tab)?.filter((limit) => (limit.tag ?? limit.name).toLowerCase().includes(name.toLowerCase()));
  const add = (
    <Button kind="primary" icon={<Plus size={14} aria-hidden />} onPress={() => setEditing('new')}>
      {tab === 'global' ? 'Add a limit' : 'Limit a tag'}
    </Button>
  );
  return (
    <>
      <PageHeader title="Concurrency limits" tabTitle="Concurrency limits" actions={add} />
      <Tabs
        label="Kinds of limits"
        tabs={[
          { id: 'global', title: 'By name', count: of('global')?.length },
          { id: 'tags', title: 'By tag of task runs', count: of('tags')?.length },
        ]}
        selected={tab}
        onSelect={(next) => void navigate({ search: next === 'global' ? {} : { tab: next } })}
      >
        <search className="mb-4 block">
          <SearchField
            label="Search limits"
            value={name}
            onChange={(text) =>
              void navigate({ search: (before) => ({ ...before, name: text || undefined }) as typeof before, replace: true })
            }
          />
        </search>
        <div className="card">
          {shown === undefined ? (
            query.isError ? (
              <ErrorState title="The limits could not be loaded" error={query.error} retry={() => void query.refetch()} />
            ) : (
              <SkeletonRows count={3} />
            )
          ) : shown.length > 0 ? (
            <ul className="divide-y">
              {shown.map((limit) => (
                <li key={limit.id}>
                  <LimitRow limit={limit} onEdit={() => setEditing(limit)} />
                </li>
              ))}
            </ul>
          ) : name ? (
            <EmptyState icon={<SearchX size={20} aria-hidden />} title={`No limit is called “${name}”`} />
          ) : (
            <NoLimits kind={tab} />
          )}
        </div>
      </Tabs>
      {editing && (
        <Suspense>
          <LimitDialog kind={tab} saved={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** One limit, at the address that clients print. */
export function ConcurrencyLimitPage() {
  const { id } = useParams({ from: '/concurrency-limits/concurrency-limit/$id' });
  const query = useLimits();
  const [editing, setEditing] = useState(false);
  const limit = query.data?.results.find((candidate) => candidate.id === id);
  const title = limit?.tag ?? limit?.name ?? 'Concurrency limit';
  return (
    <>
      <PageHeader
        title={title}
        tabTitle={title}
        crumbs={[{ title: 'Concurrency limits', link: { to: '/concurrency-limits', search: limit?.tag ? { tab: 'tags' } : {} } }]}
      />
      <div className="card">
        {limit ? (
          <LimitRow limit={limit} onEdit={() => setEditing(true)} startsOpen />
        ) : query.isPending ? (
          <SkeletonRows count={1} />
        ) : query.isError ? (
          <ErrorState title="The limit could not be loaded" error={query.error} retry={() => void query.refetch()} />
        ) : (
          <EmptyState icon={<SearchX size={20} aria-hidden />} title="There is no such limit">
            <p className="break-all">No limit has the id {id}. It may have been deleted.</p>
          </EmptyState>
        )}
      </div>
      {editing && limit && (
        <Suspense>
          <LimitDialog kind={limit.tag === null ? 'global' : 'tags'} saved={limit} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}

function useLimits() {
  const query = useQuery(concurrencyLimits());
  // Slots are taken and given back as runs begin and end.
  useRefreshOn({ topic: 'counts', filter: {} }, concurrencyLimits().queryKey, query.data ? null : undefined);
  return query;
}

function NoLimits({ kind }: { kind: Kind }) {
  return kind === 'global' ? (
    <EmptyState
      icon={<Gauge size={20} aria-hidden />}
      title="No limits yet"
      command="prefect global-concurrency-limit create my-limit --limit 5"
    >
      <p>Code takes slots of a limit by its name, and waits while none is free.</p>
    </EmptyState>
  ) : (
    <EmptyState
      icon={<Gauge size={20} aria-hidden />}
      title="No tag is limited yet"
      command="prefect concurrency-limit create my-tag 5"
    >
      <p>Of the task runs that carry a limited tag, only so many run at once.</p>
    </EmptyState>
  );
}
