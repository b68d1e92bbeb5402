import { useQuery } from '@tanstack/react-query';
import { Bookmark, Check, ChevronDown, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useAction } from '../../actions/use-action.ts';
import { call } from '../../api/client.ts';
import { savedSearches } from '../../api/queries.ts';
import type { RunFilter } from '../../filters/run-filter.ts';
import { isWorthSaving, type RunView, STANDARD_VIEWS, sameFilter, savedFilters, viewOf } from '../../filters/saved-view.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { FormDialog } from '../../widgets/form-dialog.tsx';
import { TextInput } from '../../widgets/form-fields.tsx';

/** Filters that have a name: those of the dashboard, and those that somebody saved. */
export function SavedViews({ filter, onChoose }: { filter: RunFilter; onChoose: (filter: RunFilter) => void }) {
  const [opened, setOpened] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const query = useQuery({ ...savedSearches(), enabled: opened });
  const remove = useAction({
    act: (id: string) => call('DELETE /saved_searches/{id}', { path: { id } }),
    done: 'The view is deleted',
    stale: [['saved-searches']],
  });
  const mine = (query.data ?? []).flatMap((search) => viewOf(search) ?? []);
  const current = [...STANDARD_VIEWS, ...mine].find((view) => sameFilter(view.filter, filter));
  return (
    <>
      <DialogTrigger onOpenChange={(open) => open && setOpened(true)}>
        <Button icon={<Bookmark size={14} aria-hidden />}>
          {current?.name ?? 'Views'}
          <ChevronDown size={14} aria-hidden className="text-text-2" />
        </Button>
        <Popover placement="bottom end" className="animate-layer z-40 w-64 rounded-lg border bg-surface p-1 shadow-2">
          <Dialog aria-label="Views of runs" className="outline-none">
            {({ close }) => {
              const row = (view: RunView) => (
                <ViewRow
                  key={view.id ?? view.name}
                  view={view}
                  isCurrent={view === current}
                  onChoose={() => {
                    onChoose(view.filter);
                    close();
                  }}
                  onDelete={() => view.id !== undefined && remove.mutate(view.id)}
                />
              );
              return (
                <>
                  <ul>{STANDARD_VIEWS.map(row)}</ul>
                  {mine.length > 0 && (
                    <>
                      <h2 className="mt-1 border-t px-2 pt-2 pb-1 text-xs text-text-2">Saved</h2>
                      <ul>{mine.map(row)}</ul>
                    </>
                  )}
                  {query.isError && <p className="px-2 py-1 text-sm text-failed-fg">The saved views could not be loaded.</p>}
                  <div className="mt-1 border-t pt-1">
                    <Button
                      kind="quiet"
                      isDisabled={!isWorthSaving(filter)}
                      onPress={() => {
                        close();
                        setSaving(true);
                      }}
                    >
                      Save what is shown…
                    </Button>
                  </div>
                </>
              );
            }}
          </Dialog>
        </Popover>
      </DialogTrigger>
      {isSaving && <SaveView filter={filter} onClose={() => setSaving(false)} />}
    </>
  );
}

function ViewRow({
  view,
  isCurrent,
  onChoose,
  onDelete,
}: {
  view: RunView;
  isCurrent: boolean;
  onChoose: () => void;
  onDelete: () => void;
}) {
  return (
    <li className="flex items-center">
      <button
        type="button"
        onClick={onChoose}
        aria-current={isCurrent}
        className="flex h-8 min-w-0 flex-1 cursor-pointer items-center gap-2 rounded-md px-2 text-start text-sm hover:bg-surface-2 pointer-coarse:h-11"
      >
        <span className="min-w-0 flex-1 truncate">{view.name}</span>
        {isCurrent && <Check size={14} aria-hidden className="text-accent-fg" />}
      </button>
      {view.id !== undefined && (
        <IconButton label={`Delete the view ${view.name}`} onPress={onDelete} icon={<Trash2 size={13} aria-hidden />} />
      )}
    </li>
  );
}

function SaveView({ filter, onClose }: { filter: RunFilter; onClose: () => void }) {
  const [name, setName] = useState('');
  const save = useAction({
    act: () => call('PUT /saved_searches/', { body: { name: name.trim(), filters: savedFilters(filter) } }),
    done: 'The view is saved',
    quietly: true,
    stale: [['saved-searches']],
  });
  return (
    <FormDialog
      title="Save the view"
      verb="Save"
      isOpen
      onClose={onClose}
      onSubmit={() => save.mutate(undefined, { onSuccess: onClose })}
      isPending={save.isPending || name.trim() === ''}
      problem={save.error?.message}
    >
      <TextInput label="Name" value={name} onChange={setName} autoFocus hint="One of the same name is replaced" />
    </FormDialog>
  );
}
