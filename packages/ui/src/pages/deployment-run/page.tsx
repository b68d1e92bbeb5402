import type { DeploymentResponse, FlowRunResponse } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useRunDeployment } from '../../actions/deployment-actions.ts';
import { deployment, deploymentRow, flowRun } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { schemaOfDeployment } from '../../schema-form/schema.ts';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { changedValues, checkValues, defaultValues, type Problems } from '../../schema-form/values.ts';
import { Button } from '../../widgets/button.tsx';
import { CommandLine } from '../../widgets/copyable.tsx';
import { INPUT_LOOK } from '../../widgets/fields.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { tell } from '../../widgets/toasts.tsx';

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
  const schema = schemaOfDeployment(target);
  const defaults = defaultValues(schema, target.parameters);
  const [values, setValues] = useState<Record<string, unknown>>(earlier?.parameters ?? {});
  const [problems, setProblems] = useState<Problems>({});
  const [name, setName] = useState('');
  const [start, setStart] = useState('');
  const run = useRunDeployment(target.id);
  const navigate = useNavigate();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = changedValues(defaults, values);
    const found = checkValues(schema, { ...defaults, ...given });
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const created = await run.mutateAsync({
      parameters: given,
      ...(name ? { name } : {}),
      ...(start ? { state: { type: 'SCHEDULED', state_details: { scheduled_time: new Date(start).toISOString() } } } : {}),
    });
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
          <h2 className="mb-3 text-lg font-semibold">Parameters</h2>
          {hasParameters ? (
            <SchemaForm schema={schema} defaults={defaults} values={values} onChange={setValues} problems={problems} />
          ) : (
            <p className="text-text-2">This flow takes no parameters.</p>
          )}
        </section>
        <div className="space-y-4 lg:sticky lg:top-6">
          <section aria-label="The run" className="card space-y-4 p-5">
            <label className="block">
              <span className="mb-1 block text-sm font-medium">Run name</span>
              <input
                value={name}
                onChange={(event) => setName(event.target.value)}
                placeholder="made up by the server"
                className={INPUT_LOOK}
              />
            </label>
            <label className="block">
              <span className="mb-1 block text-sm font-medium">Start</span>
              <input
                type="datetime-local"
                value={start}
                onChange={(event) => setStart(event.target.value)}
                className={INPUT_LOOK}
              />
              <span className="mt-1 block text-sm text-text-2">Empty: now</span>
            </label>
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

function parameterOptions(values: Record<string, unknown>): string {
  return Object.entries(values)
    .map(([name, value]) => ` -p '${name}=${JSON.stringify(value)}'`)
    .join('');
}
