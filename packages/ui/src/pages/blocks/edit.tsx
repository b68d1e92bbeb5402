import type { BlockDocument } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useEditBlock } from '../../actions/block-actions.ts';
import { blockDocument } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { changedValues, checkValues, defaultValues, type Problems } from '../../schema-form/values.ts';
import { Button } from '../../widgets/button.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { blockSchema, formValues, isMasked, referencesOf } from './block-schema.ts';

/** Changes a block. Secrets are never read back: they stay unless they are typed anew. */
export function EditBlockPage() {
  const { id } = useParams({ from: '/blocks/block/$id/edit' });
  const query = useQuery(blockDocument(id));
  const name = query.data?.name ?? 'the block';
  return (
    <>
      <PageHeader
        title={`Edit ${name}`}
        tabTitle={`Edit ${name}`}
        crumbs={[
          { title: 'Blocks', link: { to: '/blocks' } },
          { title: name, link: { to: '/blocks/block/$id', params: { id } } },
        ]}
      />
      {query.data ? (
        <EditForm key={id} block={query.data} />
      ) : (
        <div className="card">
          {query.isError ? (
            <ErrorState title="The block could not be loaded" error={query.error} retry={() => void query.refetch()} />
          ) : (
            <SkeletonRows />
          )}
        </div>
      )}
    </>
  );
}

function EditForm({ block }: { block: BlockDocument }) {
  const navigate = useNavigate();
  const whole = blockSchema(block.block_schema?.fields ?? {});
  const kept = formValues(block.data, block.block_document_references);
  const masked = Object.entries(block.data).flatMap(([name, value]) => (isMasked(value) ? [name] : []));
  const schema = {
    ...whole,
    required: (whole.required ?? []).filter((name) => !masked.includes(name)),
    properties: Object.fromEntries(
      Object.entries(whole.properties ?? {}).map(([name, property]) => [
        name,
        masked.includes(name)
          ? { ...property, description: `${property.description ?? ''} Kept as it is unless you type another one.`.trim() }
          : property,
      ]),
    ),
  };
  const defaults = defaultValues(schema, kept);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [problems, setProblems] = useState<Problems>({});
  const edit = useEditBlock(block.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const changed = changedValues(defaults, values);
    const found = checkValues(schema, { ...defaults, ...changed });
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    // References that an update does not name are lost.
    edit.mutate(
      { ...referencesOf(block.block_document_references), ...changed },
      { onSuccess: () => void navigate({ to: '/blocks/block/$id', params: { id: block.id } }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate autoComplete="off" className="card max-w-3xl space-y-5 p-5">
      <SchemaForm schema={schema} defaults={defaults} values={values} onChange={setValues} problems={problems} />
      {edit.error && (
        <p role="alert" className="rounded-md bg-failed-bg px-3 py-2 text-sm break-words text-failed-fg">
          {edit.error.message}
        </p>
      )}
      <Button kind="primary" type="submit" isDisabled={edit.isPending}>
        Save the block
      </Button>
    </form>
  );
}
