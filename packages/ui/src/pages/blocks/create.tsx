import type { BlockSchema, BlockType } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useCreateBlock } from '../../actions/block-actions.ts';
import { blockType } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { checkValues, defaultValues, givenValues, type Problems } from '../../schema-form/values.ts';
import { Button } from '../../widgets/button.tsx';
import { TextInput } from '../../widgets/form-fields.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { blockSchema } from './block-schema.ts';

const Markdown = lazy(() => import('../../widgets/markdown.tsx'));

/** Makes a block of a type. */
export function CreateBlockPage() {
  const { slug } = useParams({ from: '/blocks/catalog/$slug/create' });
  const query = useQuery(blockType(slug));
  return (
    <>
      <PageHeader
        title={query.data ? `Add a block: ${query.data.type.name}` : 'Add a block'}
        tabTitle={query.data?.type.name ?? 'Add a block'}
        crumbs={[
          { title: 'Blocks', link: { to: '/blocks' } },
          { title: 'Types', link: { to: '/blocks/catalog' } },
        ]}
      >
        {query.data?.type.description && (
          <div className="mt-1 max-w-3xl text-text-2">
            <Suspense fallback={query.data.type.description}>
              <Markdown source={query.data.type.description} />
            </Suspense>
          </div>
        )}
      </PageHeader>
      {query.data ? (
        <CreateForm type={query.data.type} schema={query.data.schema} />
      ) : (
        <div className="card">
          {query.isError ? (
            <ErrorState title="The type could not be loaded" error={query.error} retry={() => void query.refetch()} />
          ) : (
            <SkeletonRows />
          )}
        </div>
      )}
    </>
  );
}

function CreateForm({ type, schema: saved }: { type: BlockType; schema: BlockSchema }) {
  const navigate = useNavigate();
  const schema = blockSchema(saved.fields);
  const defaults = defaultValues(schema, {});
  const [name, setName] = useState('');
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [problems, setProblems] = useState<Problems>({});
  const create = useCreateBlock();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const data = givenValues(values);
    const found = checkValues(schema, { ...defaults, ...data });
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    create.mutate(
      { name: name.trim(), data, block_type_id: type.id, block_schema_id: saved.id },
      { onSuccess: ({ id }) => void navigate({ to: '/blocks/block/$id', params: { id } }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" className="card max-w-3xl space-y-5 p-5">
      <TextInput
        label="Block name"
        value={name}
        onChange={setName}
        placeholder="my-block"
        hint="Small letters, digits and dashes; flows load it by this name"
      />
      <SchemaForm schema={schema} defaults={defaults} values={values} onChange={setValues} problems={problems} />
      {create.error && (
        <p role="alert" className="rounded-md bg-failed-bg px-3 py-2 text-sm break-words text-failed-fg">
          {create.error.message}
        </p>
      )}
      <Button kind="primary" type="submit" isDisabled={create.isPending || name.trim() === ''}>
        Save the block
      </Button>
    </form>
  );
}
