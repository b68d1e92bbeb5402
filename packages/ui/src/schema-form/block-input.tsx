import { useQuery } from '@tanstack/react-query';
import { blockDocumentsOfType } from '../api/queries.ts';
import { CommandLine } from '../widgets/copyable.tsx';
import { Select } from '../widgets/fields.tsx';
import type { InputProps } from './scalar-inputs.tsx';

const NONE = 'none';

/** Chooses a saved block; what is kept is a reference to it, never what it holds. */
export function BlockInput({ slug, value, onChange, 'aria-label': name = 'Block' }: InputProps & { slug: string }) {
  const query = useQuery(blockDocumentsOfType(slug));
  if (query.isPending) return <div className="skeleton h-8 w-full" />;
  if (query.isError) return <p className="text-sm text-failed-fg">The blocks could not be loaded: {query.error.message}</p>;
  const saved = query.data.flatMap(({ id, name: title }) => (title === null ? [] : [{ id, title }]));
  const chosen = referenceOf(value);
  if (saved.length === 0)
    return (
      <div className="space-y-1.5 rounded-md border border-dashed px-3 py-2 text-sm text-text-2">
        <p>No block of the type “{slug}” is saved yet. Make one under Blocks, or by</p>
        <CommandLine text={`prefect block create ${slug}`} />
      </div>
    );
  const unknown = chosen !== undefined && !saved.some(({ id }) => id === chosen) ? [{ id: chosen, title: 'another block' }] : [];
  return (
    <Select
      label={name}
      choices={[{ id: NONE, title: 'Choose a block' }, ...saved, ...unknown]}
      value={chosen ?? NONE}
      onChange={(id) => onChange(id === NONE ? undefined : { $ref: { block_document_id: id } })}
    />
  );
}

function referenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('$ref' in value)) return undefined;
  const reference = value.$ref;
  if (typeof reference !== 'object' || reference === null || !('block_document_id' in reference)) return undefined;
  return String(reference.block_document_id);
}
