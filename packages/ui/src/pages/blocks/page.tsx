import type { BlockDocument } from '@prefect-ts/protocol';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Blocks, Plus, SearchX, X } from 'lucide-react';
import { useCallback } from 'react';
import { blockDocuments } from '../../api/queries.ts';
import { useRefreshOn } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { Button } from '../../widgets/button.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { useDebouncedText } from '../../widgets/use-debounced.ts';

/** Every saved block. */
export function BlocksPage() {
  const { name = '', type } = useSearch({ from: '/blocks' });
  const navigate = useNavigate();
  const query = useInfiniteQuery(blockDocuments(name, type ?? ''));
  // Runs save blocks too.
  useRefreshOn({ topic: 'counts', filter: {} }, ['block-documents'], query.data ? null : undefined);
  const [draft, setDraft] = useDebouncedText(
    name,
    useCallback(
      (text: string) =>
        void navigate({ to: '/blocks', search: { ...(text ? { name: text } : {}), ...(type ? { type } : {}) }, replace: true }),
      [navigate, type],
    ),
  );
  const rows = query.data?.pages.flat();
  const add = (
    <Button kind="primary" icon={<Plus size={14} aria-hidden />} onPress={() => void navigate({ to: '/blocks/catalog' })}>
      Add a block
    </Button>
  );
  return (
    <>
      <PageHeader title="Blocks" tabTitle="Blocks" actions={add} />
      <search className="mb-4 flex flex-wrap items-center gap-2">
        <SearchField label="Search blocks" value={draft} onChange={setDraft} />
        {type && (
          <Button
            icon={<X size={13} aria-hidden />}
            onPress={() => void navigate({ to: '/blocks', search: name ? { name } : {} })}
          >
            {`Type ${type}`}
          </Button>
        )}
      </search>
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : !rows ? (
          <ErrorState title="The blocks could not be loaded" error={query.error} retry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          name || type ? (
            <EmptyState icon={<SearchX size={20} aria-hidden />} title="No block matches these filters">
              <Button onPress={() => void navigate({ to: '/blocks', search: {} })}>Clear the filters</Button>
            </EmptyState>
          ) : (
            <EmptyState icon={<Blocks size={20} aria-hidden />} title="No blocks yet" command="prefect block create secret">
              <p>A block keeps what flows need to reach other systems: addresses, options, and secrets that nobody reads back.</p>
            </EmptyState>
          )
        ) : (
          <ul className="divide-y" aria-busy={query.isPlaceholderData}>
            {rows.map((block) => (
              <li key={block.id}>
                <BlockRow block={block} />
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

function BlockRow({ block }: { block: BlockDocument }) {
  return (
    <div className="relative grid grid-cols-[1fr_auto] items-center gap-x-6 gap-y-1 px-4 py-3 transition-colors duration-100 hover:bg-surface-2 sm:grid-cols-[1fr_14rem_8rem]">
      <Link
        to="/blocks/block/$id"
        params={{ id: block.id }}
        className="truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
      >
        {block.name}
      </Link>
      <span className="order-3 truncate text-sm text-text-2 sm:order-none">
        {block.block_type?.name ?? block.block_type_name}
      </span>
      <span className="text-end text-sm text-text-2">
        <RelativeTime at={block.updated} />
      </span>
    </div>
  );
}
