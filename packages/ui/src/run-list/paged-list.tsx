import type { ReactNode } from 'react';
import { Button } from '../widgets/button.tsx';
import { ErrorState, SkeletonRows } from '../widgets/notice.tsx';

interface Page<Row> {
  results: Row[];
  total: number;
  total_is_exact: boolean;
}

/** What a list needs of an infinite query over pages. */
export interface PagedQuery<Row> {
  data: { pages: Page<Row>[] } | undefined;
  isPending: boolean;
  isError: boolean;
  error: unknown;
  isPlaceholderData: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
  refetch: () => Promise<unknown>;
}

/** A list of rows that come page by page, in its three honest states. */
export function PagedList<Row extends { id: string }>({
  query,
  noun,
  row,
  empty,
}: {
  query: PagedQuery<Row>;
  /** What one row is, in the singular. */
  noun: string;
  row: (row: Row) => ReactNode;
  empty: ReactNode;
}) {
  return <div className="card">{content()}</div>;

  function content(): ReactNode {
    if (query.isPending) return <SkeletonRows />;
    if (!query.data)
      return <ErrorState title={`The ${noun}s could not be loaded`} error={query.error} retry={() => void query.refetch()} />;
    const [first] = query.data.pages;
    if (!first || first.results.length === 0) return empty;
    return (
      <>
        <p className="border-b px-4 py-2 text-xs text-text-2" aria-live="polite">
          {first.total.toLocaleString('en')}
          {first.total_is_exact ? '' : '+'} {first.total === 1 ? noun : `${noun}s`}
        </p>
        <ul className="divide-y" aria-busy={query.isPlaceholderData}>
          {query.data.pages
            .flatMap((page) => page.results)
            .map((item) => (
              <li key={item.id}>{row(item)}</li>
            ))}
        </ul>
        {query.hasNextPage && (
          <div className="flex justify-center border-t p-3">
            <Button onPress={() => void query.fetchNextPage()} isDisabled={query.isFetchingNextPage}>
              Show more
            </Button>
          </div>
        )}
      </>
    );
  }
}
