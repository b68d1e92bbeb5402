import type { UiConcurrencyLimit, UiSlotHolder } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import { Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useDeleteLimit, useResetLimit, useToggleLimit } from '../../actions/concurrency-actions.ts';
import { classNames } from '../../widgets/class-names.ts';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { Disclosure } from '../../widgets/disclosure.tsx';
import { Switch } from '../../widgets/fields.tsx';
import { MoreMenu } from '../../widgets/menu.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { formatSpan } from '../../widgets/time-text.ts';

/** A limit: how much of it is taken, by whom, and what can be done about it. */
export function LimitRow({
  limit,
  onEdit,
  startsOpen = false,
}: {
  limit: UiConcurrencyLimit;
  onEdit: () => void;
  startsOpen?: boolean;
}) {
  const toggle = useToggleLimit();
  const reset = useResetLimit();
  const remove = useDeleteLimit();
  const [asking, setAsking] = useState<'reset' | 'delete'>();
  const active = toggle.isPending ? toggle.variables.active : limit.active;
  const name = limit.tag ?? limit.name;
  return (
    <div className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
        <div className="min-w-40 flex-1">
          <Link
            to="/concurrency-limits/concurrency-limit/$id"
            params={{ id: limit.id }}
            className="font-medium break-words hover:underline"
          >
            {name}
          </Link>
          {!active && <span className="ms-2 text-sm text-text-2">not active</span>}
          {limit.slot_decay_per_second > 0 && (
            <p className="text-sm text-text-2">a slot comes back every {formatSpan(1000 / limit.slot_decay_per_second)}</p>
          )}
        </div>
        <Usage limit={limit} />
        {limit.tag === null && (
          <Switch
            label={`The limit ${name} is active`}
            isSelected={active}
            isDisabled={toggle.isPending}
            onChange={(on) => toggle.mutate({ id: limit.id, active: on })}
          />
        )}
        <MoreMenu
          label={`More about ${name}`}
          entries={[
            { id: 'edit', title: 'Edit…', icon: <Pencil size={14} aria-hidden />, run: onEdit },
            {
              id: 'reset',
              title: 'Free all slots…',
              icon: <RotateCcw size={14} aria-hidden />,
              run: () => setAsking('reset'),
            },
            {
              id: 'delete',
              title: 'Delete…',
              danger: true,
              icon: <Trash2 size={14} aria-hidden />,
              run: () => setAsking('delete'),
            },
          ]}
        />
      </div>
      {limit.holder_count > 0 && (
        <div className="mt-1">
          <Disclosure title={`${limit.holder_count} ${limit.holder_count === 1 ? 'holder' : 'holders'}`} startsOpen={startsOpen}>
            <ul aria-label={`Who holds slots of ${name}`} className="space-y-1 text-sm">
              {limit.holders.map((holder) => (
                <li key={`${holder.id} ${holder.since}`} className="flex flex-wrap items-baseline gap-x-4">
                  <HolderName holder={holder} />
                  {holder.slots > 1 && <span className="tabular">{holder.slots} slots</span>}
                  <span className="text-text-2">
                    took it <RelativeTime at={holder.since} />
                  </span>
                  {holder.expires && (
                    <span className="text-text-2">
                      lease ends <RelativeTime at={holder.expires} />
                    </span>
                  )}
                </li>
              ))}
            </ul>
            {limit.holder_count > limit.holders.length && (
              <p className="mt-1 text-sm text-text-2">and {limit.holder_count - limit.holders.length} more</p>
            )}
          </Disclosure>
        </div>
      )}
      <ConfirmDialog
        title={`Free all slots of ${name}?`}
        verb="Free all slots"
        isOpen={asking === 'reset'}
        onClose={() => setAsking(undefined)}
        isPending={reset.isPending}
        onConfirm={() => reset.mutate(limit, { onSettled: () => setAsking(undefined) })}
      >
        {limit.active_slots} of {limit.limit} slots are taken. Whoever holds them goes on, and others begin beside them.
      </ConfirmDialog>
      <ConfirmDialog
        title={`Delete the limit ${name}?`}
        verb="Delete the limit"
        isOpen={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(limit, { onSettled: () => setAsking(undefined) })}
      >
        What waits for a slot of it begins at once.
      </ConfirmDialog>
    </div>
  );
}

function Usage({ limit }: { limit: UiConcurrencyLimit }) {
  const isFull = limit.active_slots >= limit.limit;
  const share = limit.limit === 0 ? 100 : Math.min(100, (limit.active_slots / limit.limit) * 100);
  return (
    <div className="flex w-56 max-w-full items-center gap-3">
      <div className="h-2 flex-1 overflow-hidden rounded-full bg-surface-2">
        <svg aria-hidden="true" className="block h-2 w-full" preserveAspectRatio="none" viewBox="0 0 100 1">
          <rect width={share} height="1" className={isFull ? 'fill-failed-solid' : 'fill-running-solid'} />
        </svg>
      </div>
      <span className={classNames('tabular shrink-0 text-sm', isFull ? 'font-medium text-failed-fg' : 'text-text-2')}>
        {limit.active_slots} / {limit.limit}
      </span>
    </div>
  );
}

function HolderName({ holder }: { holder: UiSlotHolder }) {
  if (holder.id !== null && holder.kind === 'flow-run')
    return (
      <Link to="/runs/flow-run/$id" params={{ id: holder.id }} className="text-accent-fg underline">
        {holder.name}
      </Link>
    );
  if (holder.id !== null && holder.kind === 'task-run')
    return (
      <Link to="/runs/task-run/$id" params={{ id: holder.id }} className="text-accent-fg underline">
        {holder.name}
      </Link>
    );
  return <span className="text-text-2">{holder.id === null ? 'somebody who gave no name' : `${holder.id.slice(0, 8)}…`}</span>;
}
