import type { UiWorkPool, WorkPoolResponse, WorkQueueResponse } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import {
  useDeleteWorkQueue,
  usePauseWorkQueue,
  usePrioritizeWorkQueue,
  useSaveWorkQueue,
} from '../../actions/work-pool-actions.ts';
import { workPool, workQueues } from '../../api/queries.ts';
import { PoolStatusBadge } from '../../run-list/status-badges.tsx';
import { Button, IconButton } from '../../widgets/button.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { Switch } from '../../widgets/fields.tsx';
import { FormDialog } from '../../widgets/form-dialog.tsx';
import { CountInput, TextInput } from '../../widgets/form-fields.tsx';
import { MoreMenu } from '../../widgets/menu.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';

/** The queues of a pool in the order in which workers take from them. */
export default function QueuesTab({ pool }: { pool: UiWorkPool }) {
  const query = useQuery(workQueues(pool.name));
  const whole = useQuery(workPool(pool.name));
  const [editing, setEditing] = useState<WorkQueueResponse | 'new'>();
  if (query.isPending)
    return (
      <div className="card">
        <SkeletonRows count={3} />
      </div>
    );
  if (query.isError && !query.data)
    return <ErrorState title="The queues could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  const inOrder = [...query.data].sort((a, b) => a.priority - b.priority);
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-text-2">Work of the first queue is taken before that of the next.</p>
        <Button icon={<Plus size={14} aria-hidden />} onPress={() => setEditing('new')}>
          Add a queue
        </Button>
      </div>
      <ul className="card divide-y">
        {inOrder.map((queue, index) => (
          <li key={queue.id}>
            <QueueRow
              pool={pool}
              queue={queue}
              before={inOrder[index - 1]}
              after={inOrder[index + 1]}
              isDefault={isDefault(queue, whole.data)}
              onEdit={() => setEditing(queue)}
            />
          </li>
        ))}
      </ul>
      {editing && (
        <QueueDialog pool={pool} saved={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </div>
  );
}

function isDefault(queue: WorkQueueResponse, pool: WorkPoolResponse | undefined): boolean {
  return pool?.default_queue_id === queue.id;
}

function QueueRow({
  pool,
  queue,
  before,
  after,
  isDefault,
  onEdit,
}: {
  pool: UiWorkPool;
  queue: WorkQueueResponse;
  before: WorkQueueResponse | undefined;
  after: WorkQueueResponse | undefined;
  isDefault: boolean;
  onEdit: () => void;
}) {
  const pause = usePauseWorkQueue(pool.name);
  const prioritize = usePrioritizeWorkQueue(pool.name);
  const remove = useDeleteWorkQueue(pool.name);
  const [asking, setAsking] = useState(false);
  const paused = pause.isPending ? pause.variables.is_paused : queue.is_paused;
  const moveTo = (other: WorkQueueResponse | undefined) =>
    other && prioritize.mutate({ name: queue.name, priority: other.priority });
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
      <span className="flex shrink-0">
        <IconButton
          label={`Take ${queue.name} earlier`}
          isDisabled={!before || prioritize.isPending}
          onPress={() => moveTo(before)}
          icon={<ArrowUp size={14} aria-hidden />}
        />
        <IconButton
          label={`Take ${queue.name} later`}
          isDisabled={!after || prioritize.isPending}
          onPress={() => moveTo(after)}
          icon={<ArrowDown size={14} aria-hidden />}
        />
      </span>
      <div className="min-w-32 flex-1">
        <div className="font-medium break-words">
          {queue.name}
          {isDefault && <span className="ms-2 text-xs font-normal text-text-2">default</span>}
        </div>
        {queue.description && <div className="text-sm break-words text-text-2">{queue.description}</div>}
      </div>
      <PoolStatusBadge status={queue.status} paused={paused} />
      <span className="tabular text-sm text-text-2">priority {queue.priority}</span>
      <span className="tabular text-sm text-text-2">
        {queue.concurrency_limit === null
          ? `${queue.active_slots ?? 0} running`
          : `${queue.active_slots ?? 0} of ${queue.concurrency_limit} running`}
      </span>
      <Switch
        label={`Work of the queue ${queue.name}`}
        isSelected={!paused}
        isDisabled={pause.isPending}
        onChange={(on) => pause.mutate({ name: queue.name, is_paused: !on })}
      />
      <MoreMenu
        label={`More about the queue ${queue.name}`}
        entries={[
          { id: 'edit', title: 'Edit…', icon: <Pencil size={14} aria-hidden />, run: onEdit },
          ...(isDefault
            ? []
            : [
                {
                  id: 'delete',
                  title: 'Delete…',
                  danger: true,
                  icon: <Trash2 size={14} aria-hidden />,
                  run: () => setAsking(true),
                },
              ]),
        ]}
      />
      <ConfirmDialog
        title={`Delete the queue ${queue.name}?`}
        verb="Delete the queue"
        isOpen={asking}
        onClose={() => setAsking(false)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(queue.name, { onSettled: () => setAsking(false) })}
      >
        Deployments and runs that name it are left without a queue, and nobody takes their runs until they name another one.
      </ConfirmDialog>
    </div>
  );
}

function QueueDialog({ pool, saved, onClose }: { pool: UiWorkPool; saved: WorkQueueResponse | undefined; onClose: () => void }) {
  const [name, setName] = useState(saved?.name ?? '');
  const [description, setDescription] = useState(saved?.description ?? '');
  const [priority, setPriority] = useState<number | null>(saved?.priority ?? null);
  const [limit, setLimit] = useState<number | null>(saved?.concurrency_limit ?? null);
  const save = useSaveWorkQueue(pool.name);
  const submit = () =>
    save.mutate(
      {
        name: saved?.name,
        body: {
          name: name.trim(),
          description,
          concurrency_limit: limit,
          ...(priority === null ? {} : { priority }),
        },
      },
      { onSuccess: onClose },
    );
  return (
    <FormDialog
      title={saved ? `Edit the queue ${saved.name}` : `Add a queue to ${pool.name}`}
      verb={saved ? 'Save' : 'Add the queue'}
      isOpen
      onClose={onClose}
      onSubmit={submit}
      isPending={save.isPending || name.trim() === ''}
      problem={save.error?.message}
    >
      <TextInput label="Name" value={name} onChange={setName} autoFocus />
      <TextInput label="Description" value={description} onChange={setDescription} />
      <div className="grid gap-4 sm:grid-cols-2">
        <CountInput label="Priority" value={priority} onChange={setPriority} min={1} placeholder="last" hint="1 is taken first" />
        <CountInput label="Runs at once" value={limit} onChange={setLimit} placeholder="no limit" />
      </div>
    </FormDialog>
  );
}
