import type { DeploymentResponse, FlowRunResponse } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Braces, Play } from 'lucide-react';
import { type FormEvent, useMemo, useState } from 'react';
import { useRunDeployment } from '../../actions/deployment-actions.ts';
import { deployment, deploymentRow, flowRun, workQueues } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { JsonInput } from '../../schema-form/scalar-inputs.tsx';
import { schemaOfDeployment } from '../../schema-form/schema.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { changedValues, checkValues, defaultValues, givenValues, type Problems } from '../../schema-form/values.ts';
import { Button } from '../../widgets/button.tsx';
import { CommandLine } from '../../widgets/copyable.tsx';
import { Disclosure } from '../../widgets/disclosure.tsx';
import { readTags, TextArea, TextInput } from '../../widgets/form-fields.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { formatRelative } from '../../widgets/time-text.ts';
import { tell } from '../../widgets/toasts.tsx';
import { EMPTY_DRAFT, type RunDraft, useRunDraft } from './run-draft.ts';

/** Starts a run of a deployment with other parameters, now or later. */
export function DeploymentRunPage() {
  const { id } = useParams({ from: '/deployments/deployment/$id/run' });
  const { from } = useSearch({ from: '/deployments/deployment/$id/run' });
  const query = useQuery(deployment(id));
  const earlier = useQuery({ ...flowRun(from ?? ''), enabled: from !== undefined });
  if (query.data && (from === undefined || !earlier.isPending)) return <RunForm deployment={query.data} earlier={earlier.data} />;
  return (
    <>
      <PageHeader
        title="Run a deployment"
        tabTitle="Run a deployment"
        crumbs={[{ title: 'Deployments', link: { to: '/deployments' } }]}
      />
      <div className="card">
        {query.isError ? (
          <ErrorState title="The deployment could not be loaded" error={query.error} retry={() => void query.refetch()} />
        ) : (
          <SkeletonRows />
        )}
      </div>
    </>
  );
}

function RunForm({ deployment: target, earlier }: { deployment: DeploymentResponse; earlier: FlowRunResponse | undefined }) {
  const row = useQuery(deploymentRow(target.id));
  const schema = useMemo(() => schemaOfDeployment(target), [target]);
  const defaults = defaultValues(schema, target.parameters);
  const [draft, change, forget] = useRunDraft(
    `${target.id}:${earlier?.id ?? ''}`,
    { ...EMPTY_DRAFT, values: earlier?.parameters ?? {} },
    schema,
  );
  const { values, name, start } = draft;
  const [problems, setProblems] = useState<Problems>({});
  const [asJson, setAsJson] = useState(false);
  const run = useRunDeployment(target.id);
  const navigate = useNavigate();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = changedValues(defaults, values);
    const jobVariables = readJobVariables(draft.jobVariables);
    const found = { ...checkValues(schema, { ...defaults, ...given }), ...jobVariables.problems };
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const tags = readTags(draft.tags);
    const created = await run.mutateAsync({
      parameters: given,
      ...(name ? { name } : {}),
      ...(tags.length > 0 ? { tags } : {}),
      ...(draft.queue ? { work_queue_name: draft.queue } : {}),
      ...(draft.idempotencyKey ? { idempotency_key: draft.idempotencyKey } : {}),
      ...(jobVariables.value ? { job_variables: jobVariables.value } : {}),
      ...(start ? { state: { type: 'SCHEDULED', state_details: { scheduled_time: new Date(start).toISOString() } } } : {}),
    });
    forget();
    tell(`${created.name} is ${start ? 'scheduled' : 'on its way'}`);
    void navigate({ to: '/runs/flow-run/$id', params: { id: created.id } });
  };
  const hasParameters = Object.keys(schema.properties ?? {}).length > 0;
  const command = `prefect deployment run '${row.data?.row.flow_name ?? '…'}/${target.name}'${parameterOptions(changedValues(defaults, values))}`;
  return (
    <>
      <PageHeader
        title={earlier ? `Run ${target.name} again` : `Run ${target.name}`}
        tabTitle={`Run ${target.name}`}
        crumbs={[
          { title: 'Deployments', link: { to: '/deployments' } },
          { title: target.name, link: { to: '/deployments/deployment/$id', params: { id: target.id } } },
        ]}
      >
        {earlier && <p className="mt-1 text-text-2">With the parameters of {earlier.name}.</p>}
      </PageHeader>
      <form
        onSubmit={(event) => void submit(event).catch(() => undefined)}
        noValidate
        className="grid max-w-5xl grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]"
      >
        <section aria-label="Parameters" className="card p-5">
          <div className="mb-3 flex items-center justify-between gap-4">
            <h2 className="text-lg font-semibold">Parameters</h2>
            {hasParameters && (
              <Button kind="quiet" icon={<Braces size={14} aria-hidden />} onPress={() => setAsJson(!asJson)}>
                {asJson ? 'As a form' : 'All as JSON'}
              </Button>
            )}
          </div>
          {!hasParameters ? (
            <p className="text-text-2">This flow takes no parameters.</p>
          ) : asJson ? (
            <JsonInput
              aria-label="Parameters as JSON"
              value={{ ...defaults, ...givenValues(values) }}
              onChange={(next) => change({ values: typeof next === 'object' && next !== null ? { ...next } : {} })}
            />
          ) : (
            <SchemaForm
              schema={schema}
              defaults={defaults}
              values={values}
              onChange={(next) => change({ values: next })}
              problems={problems}
            />
          )}
        </section>
        <div className="space-y-4 lg:sticky lg:top-6">
          <section aria-label="The run" className="card space-y-4 p-5">
            <TextInput
              label="Run name"
              value={name}
              onChange={(text) => change({ name: text })}
              placeholder="made up by the server"
            />
            <StartInput value={start} onChange={(text) => change({ start: text })} />
            <Disclosure title="More">
              <MoreFields draft={draft} change={change} target={target} problem={problems['job variables']} />
            </Disclosure>
            {Object.keys(problems).length > 0 && (
              <p role="alert" className="text-sm text-failed-fg">
                Look again at {Object.keys(problems).join(', ')}.
              </p>
            )}
            <Button kind="primary" type="submit" isDisabled={run.isPending} icon={<Play size={14} aria-hidden />}>
              {start ? 'Schedule the run' : 'Run'}
            </Button>
          </section>
          <section aria-label="The same by command line" className="space-y-1.5">
            <h2 className="text-sm text-text-2">The same by command line</h2>
            <CommandLine text={command} />
          </section>
        </div>
      </form>
    </>
  );
}

/** When the run starts: now, after a while, or at a time. */
function StartInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  return (
    <div>
      <TextInput
        label="Start"
        type="datetime-local"
        value={value}
        onChange={onChange}
        hint={value === '' ? 'Empty: now' : `In the time of this computer; ${formatRelative(Date.parse(value), Date.now())}`}
      />
      <ul aria-label="Start after a while" className="mt-1.5 flex flex-wrap gap-1.5">
        {DELAYS.map(([title, minutes]) => (
          <li key={title}>
            <button
              type="button"
              onClick={() => onChange(localTime(Date.now() + minutes * 60_000))}
              className="h-6 cursor-pointer rounded-full border px-2.5 text-xs text-text-2 hover:bg-surface-2 hover:text-text pointer-coarse:h-11"
            >
              {title}
            </button>
          </li>
        ))}
        {value !== '' && (
          <li>
            <button
              type="button"
              onClick={() => onChange('')}
              className="h-6 cursor-pointer rounded-full border px-2.5 text-xs text-text-2 hover:bg-surface-2 hover:text-text pointer-coarse:h-11"
            >
              now
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

const DELAYS = [
  ['in 15 min', 15],
  ['in 1 h', 60],
  ['tomorrow', 24 * 60],
] as const;

function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function MoreFields({
  draft,
  change,
  target,
  problem,
}: {
  draft: RunDraft;
  change: (change: Partial<RunDraft>) => void;
  target: DeploymentResponse;
  problem: string | undefined;
}) {
  const queues = useQuery({ ...workQueues(target.work_pool_name ?? ''), enabled: target.work_pool_name !== null });
  return (
    <div className="space-y-4">
      <TextInput
        label="Tags"
        value={draft.tags}
        onChange={(tags) => change({ tags })}
        placeholder="urgent, backfill"
        hint="Beside those of the deployment"
      />
      {target.work_pool_name !== null && (
        <TextInput
          label="Work queue"
          value={draft.queue}
          onChange={(queue) => change({ queue })}
          placeholder={target.work_queue_name ?? 'default'}
          suggestions={queues.data?.map((queue) => queue.name) ?? []}
        />
      )}
      {target.work_pool_name !== null && (
        <TextArea
          label="Job variables"
          value={draft.jobVariables}
          onChange={(jobVariables) => change({ jobVariables })}
          mono
          hint="JSON, over those of the deployment"
          problem={problem}
        />
      )}
      <TextInput
        label="Idempotency key"
        value={draft.idempotencyKey}
        onChange={(idempotencyKey) => change({ idempotencyKey })}
        hint="A second run with the same key is not made"
      />
    </div>
  );
}

function readJobVariables(text: string): { value?: Record<string, unknown>; problems: Problems } {
  if (text.trim() === '') return { problems: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: { ...value }, problems: {} };
  } catch {
    // Told below, like every other text that is no object.
  }
  return { problems: { 'job variables': 'This must be a JSON object' } };
}

function parameterOptions(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => ` -p '${name}=${JSON.stringify(value)}'`)
    .join('');
}
