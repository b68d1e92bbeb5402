import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { artifactsOfKey } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { ArtifactCard } from '../../artifacts/artifact-card.tsx';
import { Button } from '../../widgets/button.tsx';
import { CommandLine } from '../../widgets/copyable.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { FullTime, RelativeTime } from '../../widgets/time.tsx';

/** What was left under a key: the newest in full, and all before it. */
export function ArtifactKeyPage() {
  const { key } = useParams({ from: '/artifacts/key/$key' });
  const query = useInfiniteQuery(artifactsOfKey(key));
  useRefreshOn({ topic: 'counts', filter: {} }, artifactsOfKey(key).queryKey, query.data ? null : undefined);
  const rows = query.data?.pages.flat();
  const [latest] = rows ?? [];
  return (
    <>
      <PageHeader title={key} tabTitle={`${key} · Artifacts`} crumbs={[{ title: 'Artifacts', link: { to: '/artifacts' } }]} />
      {!rows || !latest ? (
        <div className="card">
          {query.isPending ? (
            <SkeletonRows />
          ) : query.isError ? (
            <ErrorState title="The artifacts could not be loaded" error={query.error} retry={() => void query.refetch()} />
          ) : (
            <EmptyState icon={<SearchX size={20} aria-hidden />} title={`Nothing was left under “${key}”`} />
          )}
        </div>
      ) : (
        <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[1fr_20rem]">
          <ArtifactCard artifact={latest} />
          <section aria-label="History" className="card">
            <h2 className="border-b px-4 py-2.5 text-sm font-semibold">History</h2>
            <ol className="divide-y">
              {rows.map((artifact, index) => (
                <li key={artifact.id} className="relative px-4 py-2.5 text-sm hover:bg-surface-2">
                  <Link
                    to="/artifacts/artifact/$id"
                    params={{ id: artifact.id }}
                    className="font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
                  >
                    <RelativeTime at={artifact.created} />
                    {index === 0 && ', the newest'}
                  </Link>
                  <div className="text-text-2">
                    <FullTime at={artifact.created} />
                  </div>
                </li>
              ))}
            </ol>
            {query.hasNextPage && (
              <div className="flex justify-center border-t p-3">
                <Button onPress={() => void query.fetchNextPage()} isDisabled={query.isFetchingNextPage}>
                  Show more
                </Button>
              </div>
            )}
          </section>
          <div className="w-fit max-w-full lg:col-span-2">
            <CommandLine text={`prefect artifact inspect ${/^[\w-]+$/.test(key) ? key : `'${key}'`}`} />
          </div>
        </div>
      )}
    </>
  );
}
