import type { BlockType } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { blockTypes } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';

/** Every type of block that the server knows. */
export function BlockCatalogPage() {
  const { name = '' } = useSearch({ from: '/blocks/catalog' });
  const navigate = useNavigate();
  const query = useQuery(blockTypes());
  const wanted = query.data
    ?.filter((type) => `${type.name} ${type.slug} ${type.description ?? ''}`.toLowerCase().includes(name.toLowerCase()))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <>
      <PageHeader title="Add a block" tabTitle="Types of blocks" crumbs={[{ title: 'Blocks', link: { to: '/blocks' } }]} />
      <search className="mb-4 block">
        <SearchField
          label="Search the types of blocks"
          placeholder="Search types"
          value={name}
          onChange={(text) => void navigate({ to: '/blocks/catalog', search: text ? { name: text } : {}, replace: true })}
        />
      </search>
      {wanted === undefined ? (
        <div className="card">
          {query.isError ? (
            <ErrorState title="The types could not be loaded" error={query.error} retry={() => void query.refetch()} />
          ) : (
            <SkeletonRows />
          )}
        </div>
      ) : wanted.length === 0 ? (
        <div className="card">
          <EmptyState
            icon={<SearchX size={20} aria-hidden />}
            title={`No type of block is called “${name}”`}
            command="prefect block register --module my_module"
          >
            <p>Types come with integrations, and from modules of yours once they are registered.</p>
          </EmptyState>
        </div>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-4">
          {wanted.map((type) => (
            <li key={type.id}>
              <TypeCard type={type} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function TypeCard({ type }: { type: BlockType }) {
  return (
    <article className="card relative flex h-full items-start gap-3 p-4 transition-colors duration-100 hover:border-border-strong">
      <Monogram name={type.name} />
      <div className="min-w-0">
        <h2 className="font-medium break-words">
          <Link
            to="/blocks/catalog/$slug/create"
            params={{ slug: type.slug }}
            className="after:absolute after:inset-0 after:rounded-lg after:content-['']"
          >
            {type.name}
          </Link>
        </h2>
        <p className="line-clamp-3 text-sm break-words text-text-2">{type.description}</p>
      </div>
    </article>
  );
}

/** Two letters of a name: pictures of types are on other hosts, which are never asked. */
function Monogram({ name }: { name: string }) {
  const letters = name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .join('')
    .slice(0, 2);
  return (
    <span
      aria-hidden
      className="flex size-9 shrink-0 items-center justify-center rounded-md bg-accent-soft text-xs font-semibold text-accent-fg uppercase"
    >
      {letters}
    </span>
  );
}
