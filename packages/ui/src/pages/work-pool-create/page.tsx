import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Boxes, Cloud, Container, Cpu, type LucideIcon, Terminal } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useCreateWorkPool } from '../../actions/work-pool-actions.ts';
import { type WorkerType, workerTypes } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { templateOf } from '../../job-template/template.ts';
import { TemplateEditor } from '../../job-template/template-editor.tsx';
import { Button } from '../../widgets/button.tsx';
import { classNames } from '../../widgets/class-names.ts';
import { Disclosure } from '../../widgets/disclosure.tsx';
import { SearchField } from '../../widgets/fields.tsx';
import { CountInput, TextInput } from '../../widgets/form-fields.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';

/** Makes a work pool: where its runs run, how it is called, what each run gets. */
export function CreateWorkPoolPage() {
  const { type } = useSearch({ from: '/work-pools/create' });
  const query = useQuery(workerTypes());
  const chosen = query.data?.find((candidate) => candidate.type === type);
  return (
    <>
      <PageHeader
        title="Create a work pool"
        tabTitle="Create a work pool"
        crumbs={[{ title: 'Work pools', link: { to: '/work-pools' } }]}
      >
        <p className="mt-1 max-w-2xl text-text-2">
          A work pool holds runs of deployments until something takes them: a worker that you start, or the server itself.
        </p>
      </PageHeader>
      {query.isPending ? (
        <div className="card">
          <SkeletonRows />
        </div>
      ) : query.isError ? (
        <div className="card">
          <ErrorState
            title="The kinds of work pools could not be loaded"
            error={query.error}
            retry={() => void query.refetch()}
          />
        </div>
      ) : (
        <div className="max-w-5xl space-y-6">
          <TypeChoice types={query.data} chosen={chosen?.type} />
          {chosen && <PoolForm key={chosen.type} type={chosen} />}
        </div>
      )}
    </>
  );
}

const GROUPS = [
  { title: 'A worker of yours takes the runs', hint: 'It runs where you start it.', needsWorker: true },
  { title: 'The server starts the runs', hint: 'No worker is needed; give it access to the platform.', needsWorker: false },
] as const;

function TypeChoice({ types, chosen }: { types: readonly WorkerType[]; chosen: string | undefined }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const wanted = types.filter(({ type, display_name }) => `${type} ${display_name}`.toLowerCase().includes(text.toLowerCase()));
  return (
    <section aria-label="Where runs run">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 className="text-lg font-semibold">1. Where runs run</h2>
        <SearchField label="Search the kinds of work pools" placeholder="Docker, Kubernetes …" value={text} onChange={setText} />
      </div>
      {wanted.length === 0 && <p className="text-text-2">No kind of work pool is called “{text}”.</p>}
      {GROUPS.map((group) => {
        const members = wanted.filter(({ type }) => needsWorker(type) === group.needsWorker);
        if (members.length === 0) return null;
        return (
          <div key={group.title} className="mb-4">
            <h3 className="mb-2 text-sm text-text-2">
              <span className="font-medium text-text">{group.title}.</span> {group.hint}
            </h3>
            <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
              {members.map((type) => (
                <li key={type.type}>
                  <TypeTile
                    type={type}
                    isChosen={type.type === chosen}
                    onChoose={() =>
                      void navigate({ to: '/work-pools/create', search: { type: type.type }, replace: true, resetScroll: false })
                    }
                  />
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}

function TypeTile({ type, isChosen, onChoose }: { type: WorkerType; isChosen: boolean; onChoose: () => void }) {
  const Icon = iconOf(type.type);
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={classNames(
        'flex h-full w-full cursor-pointer items-start gap-3 rounded-lg border p-3 text-start shadow-1',
        isChosen ? 'border-accent bg-accent-soft' : 'bg-surface hover:bg-surface-2',
      )}
    >
      <Icon size={18} aria-hidden className={classNames('mt-0.5 shrink-0', isChosen ? 'text-accent-fg' : 'text-text-2')} />
      <span className="min-w-0">
        <span className="block font-medium">
          {type.display_name}
          {type.is_beta && <span className="ms-1.5 text-xs font-normal text-text-2">beta</span>}
        </span>
        <span className={classNames('line-clamp-3 text-sm', isChosen ? 'text-text' : 'text-text-2')}>{type.description}</span>
      </span>
    </button>
  );
}

function PoolForm({ type }: { type: WorkerType }) {
  const navigate = useNavigate();
  const base = templateOf(type.template);
  const [template, setTemplate] = useState(base);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [limit, setLimit] = useState<number | null>(null);
  const create = useCreateWorkPool();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { name: name.trim(), type: type.type, description, concurrency_limit: limit, base_job_template: { ...template } },
      { onSuccess: (pool) => void navigate({ to: '/work-pools/work-pool/$name', params: { name: pool.name } }) },
    );
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-6">
      <section aria-label="The pool" className="card space-y-4 p-5">
        <h2 className="text-lg font-semibold">2. The pool</h2>
        <div className="grid gap-4 sm:grid-cols-[1fr_10rem]">
          <TextInput label="Name" value={name} onChange={setName} placeholder={`my-${type.type.replace(/\W/g, '-')}`} />
          <CountInput label="Runs at once" value={limit} onChange={setLimit} placeholder="no limit" />
        </div>
        <TextInput label="Description" value={description} onChange={setDescription} />
      </section>
      <section aria-label="What each run gets" className="card space-y-4 p-5">
        <h2 className="text-lg font-semibold">3. What each run gets</h2>
        <p className="text-sm text-text-2">
          Good as it is for a beginning. These are the defaults; a deployment can set its own by job variables.
        </p>
        <Disclosure title="Change the defaults">
          <TemplateEditor base={base} value={template} onChange={setTemplate} />
        </Disclosure>
      </section>
      {create.error && (
        <p role="alert" className="rounded-md bg-failed-bg px-3 py-2 text-sm break-words text-failed-fg">
          {create.error.message}
        </p>
      )}
      <Button kind="primary" type="submit" isDisabled={create.isPending || name.trim() === ''}>
        Create the work pool
      </Button>
    </form>
  );
}

function needsWorker(type: string): boolean {
  return !type.endsWith(':push') && !type.endsWith(':managed');
}

function iconOf(type: string): LucideIcon {
  if (type === 'process') return Terminal;
  if (type === 'docker') return Container;
  if (type === 'kubernetes') return Boxes;
  return type === 'prefect:managed' ? Cpu : Cloud;
}
