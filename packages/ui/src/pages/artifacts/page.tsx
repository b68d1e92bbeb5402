import type { ArtifactCollection } from '@prefect-ts/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Package, SearchX } from 'lucide-react';
import { useCallback } from 'react';
import { latestArtifacts } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { ARTIFACT_ICONS } from '../../artifacts/artifact-card.tsx';
import { Button } from '../../widgets/button.tsx';
import { type Choice, SearchField, Select } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { useDebouncedText } from '../../widgets/use-debounced.ts';

const KINDS: readonly Choice<string>[] = [
  { id: 'any', title: 'Every kind' },
  { id: 'markdown', title: 'Markdown and links' },
  { id: 'table', title: 'Tables' },
  { id: 'progress', title: 'Progress' },
  { id: 'image', title: 'Images' },
];

/** The newest artifact of every key. */
export function ArtifactsPage() {
  const { name = '', kind } = useSearch({ from: '/artifacts' });
  const navigate = useNavigate();
  const query = useInfiniteQuery(latestArtifacts(name, kind ?? ''));
  useRefreshOn({ topic: 'counts', filter: {} }, ['artifacts', 'latest'], query.data ? null : undefined);
  const go = useCallback(
    (search: { name: string; kind: string | undefined }) =>
      void navigate({
        to: '/artifacts',
        search: { ...(search.name ? { name: search.name } : {}), ...(search.kind ? { kind: search.kind } : {}) },
        replace: true,
      }),
    [navigate],
  );
  const [draft, setDraft] = useDebouncedText(
    name,
    useCallback((text: string) => go({ name: text, kind }), [go, kind]),
  );
  const rows = query.data?.pages.flat();
  return (
    <>
      <PageHeader title="Artifacts" tabTitle="Artifacts" />
      <search className="mb-4 flex flex-wrap items-center gap-2">
        <SearchField label="Search artifacts by key" placeholder="Key" value={draft} onChange={setDraft} />
        <Select
          label="Kind"
          choices={KINDS}
          value={kind ?? 'any'}
          onChange={(id) => go({ name, kind: id === 'any' ? undefined : id })}
        />
      </search>
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : !rows ? (
          <ErrorState title="The artifacts could not be loaded" error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          name || kind ? (
            <EmptyState icon={<SearchX size={20} aria-hidden />} title="No artifact matches these filters">
              <Button onPress={() => go({ name: '', kind: undefined })}>Clear the filters</Button>
            </EmptyState>
          ) : (
            <EmptyState icon={<Package size={20} aria-hidden />} title="No artifacts yet">
              <p>Runs leave tables, texts, links and progress here under a key, for people to look at.</p>
            </EmptyState>
          )
        ) : (
          <ul className="divide-y" aria-busy={query.isPlaceholderData}>
            {rows.map((artifact) => (
              <li key={artifact.id}>
                <ArtifactRow artifact={artifact} />
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
    </>
  );
}

function ArtifactRow({ artifact }: { artifact: ArtifactCollection }) {
  const Icon = ARTIFACT_ICONS[artifact.type ?? ''] ?? Package;
  return (
    <div className="relative grid grid-cols-[auto_1fr_auto] items-center gap-x-4 px-4 py-3 transition-colors duration-100 hover:bg-surface-2">
      <Icon size={16} aria-hidden className="text-text-2" />
      <div className="min-w-0">
        <Link
          to="/artifacts/key/$key"
          params={{ key: artifact.key }}
          className="block truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
        >
          {artifact.key}
        </Link>
        <p className="truncate text-sm text-text-2">{[artifact.type, artifact.description].filter(Boolean).join(' · ')}</p>
      </div>
      <span className="text-end text-sm text-text-2">
        <RelativeTime at={artifact.updated} />
      </span>
    </div>
  );
}
