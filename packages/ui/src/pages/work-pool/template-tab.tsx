import type { WorkPoolResponse } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useEditWorkPool } from '../../actions/work-pool-actions.ts';
import { workPool } from '../../api/queries.ts';
import { templateOf } from '../../job-template/template.ts';
import { TemplateEditor } from '../../job-template/template-editor.tsx';
import { Button } from '../../widgets/button.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';

/** What a pool starts for a run, to be looked at and changed. */
export default function TemplateTab({ name }: { name: string }) {
  const query = useQuery(workPool(name));
  if (query.isPending)
    return (
      <div className="card">
        <SkeletonRows count={3} />
      </div>
    );
  if (query.isError && !query.data)
    return <ErrorState title="The template could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  return <TemplateForm key={query.data.updated} pool={query.data} />;
}

function TemplateForm({ pool }: { pool: WorkPoolResponse }) {
  const base = templateOf(pool.base_job_template);
  const [template, setTemplate] = useState(base);
  const edit = useEditWorkPool(pool.name);
  const isChanged = JSON.stringify(template) !== JSON.stringify(base);
  return (
    <form
      aria-label="Job template"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        edit.mutate({ base_job_template: { ...template } });
      }}
      className="card max-w-3xl space-y-5 p-5"
    >
      <p className="text-sm text-text-2">
        What a run gets unless its deployment says otherwise. Changes count for runs that start from now on.
      </p>
      <TemplateEditor base={base} value={template} onChange={setTemplate} />
      {edit.error && (
        <p role="alert" className="rounded-md bg-failed-bg px-3 py-2 text-sm break-words text-failed-fg">
          {edit.error.message}
        </p>
      )}
      <div className="flex gap-2">
        <Button kind="primary" type="submit" isDisabled={!isChanged || edit.isPending}>
          Save the template
        </Button>
        {isChanged && <Button onPress={() => setTemplate(base)}>Take the changes back</Button>}
      </div>
    </form>
  );
}
