import type { FlowRunResponse } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { useResumeFlowRun } from '../../actions/flow-run-actions.ts';
import { runInput } from '../../api/queries.ts';
import type { Schema } from '../../schema-form/schema.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { changedValues, checkValues, defaultValues, type Problems } from '../../schema-form/values.ts';
import { Button } from '../../widgets/button.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { RelativeTime } from '../../widgets/time.tsx';

const Markdown = lazy(() => import('../../widgets/markdown.tsx'));

/** What a paused run asks for: its question, a form for the answer, and how long it waits. */
export default function ResumeForm({ run, keyset }: { run: FlowRunResponse; keyset: Record<string, unknown> }) {
  const schemaKey = String(keyset.schema ?? '');
  const query = useQuery(runInput(run.id, [schemaKey, String(keyset.description ?? '')]));
  if (query.isPending)
    return (
      <div className="card mb-4">
        <SkeletonRows count={2} />
      </div>
    );
  if (query.isError)
    return (
      <div className="card mb-4">
        <ErrorState title="What it asks could not be loaded" error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  const schema: Schema = objectOf(query.data[schemaKey]);
  const description = query.data[String(keyset.description ?? '')];
  return <InputForm key={schemaKey} run={run} schema={schema} description={description} />;
}

function InputForm({ run, schema, description }: { run: FlowRunResponse; schema: Schema; description: unknown }) {
  const defaults = defaultValues(schema, {});
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [problems, setProblems] = useState<Problems>({});
  const resume = useResumeFlowRun(run.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = { ...defaults, ...changedValues(defaults, values) };
    const found = checkValues(schema, given);
    setProblems(found);
    if (Object.keys(found).length === 0) resume.mutate(given);
  };
  const timeout = run.state?.state_details.pause_timeout;
  return (
    <form onSubmit={submit} noValidate aria-label="Input that the run waits for" className="card mb-4 overflow-hidden">
      <header className="flex flex-wrap items-baseline gap-x-3 bg-paused-bg px-5 py-3 text-paused-fg">
        <h2 className="font-semibold">This run waits for your input</h2>
        {timeout && (
          <p className="text-sm">
            It gives up <RelativeTime at={timeout} />
          </p>
        )}
      </header>
      <div className="max-w-3xl space-y-5 p-5">
        {typeof description === 'string' && description !== '' && (
          <Suspense fallback={<p className="whitespace-pre-wrap">{description}</p>}>
            <Markdown source={description} />
          </Suspense>
        )}
        <SchemaForm schema={schema} defaults={defaults} values={values} onChange={setValues} problems={problems} />
        {resume.error && (
          <p role="alert" className="rounded-md bg-failed-bg px-3 py-2 text-sm break-words text-failed-fg">
            {resume.error.message}
          </p>
        )}
        <Button kind="primary" type="submit" isDisabled={resume.isPending} icon={<Play size={14} aria-hidden />}>
          Resume with this
        </Button>
      </div>
    </form>
  );
}

function objectOf(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? value : { properties: {} };
}
