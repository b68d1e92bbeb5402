import type { UiConcurrencyLimit } from '@prefect-ts/protocol';
import { useState } from 'react';
import { useSaveGlobalLimit, useSaveTagLimit } from '../../actions/concurrency-actions.ts';
import { Switch } from '../../widgets/fields.tsx';
import { FormDialog } from '../../widgets/form-dialog.tsx';
import { CountInput, TextInput } from '../../widgets/form-fields.tsx';

/** Makes a limit, or changes one. */
export default function LimitDialog({
  kind,
  saved,
  onClose,
}: {
  kind: 'global' | 'tags';
  saved: UiConcurrencyLimit | undefined;
  onClose: () => void;
}) {
  const [name, setName] = useState(saved?.tag ?? saved?.name ?? '');
  const [limit, setLimit] = useState<number | null>(saved?.limit ?? null);
  const [decay, setDecay] = useState<number | null>(saved?.slot_decay_per_second ?? 0);
  const [active, setActive] = useState(saved?.active ?? true);
  const global = useSaveGlobalLimit();
  const tag = useSaveTagLimit();
  const save = kind === 'global' ? global : tag;
  const submit = () => {
    if (limit === null) return;
    if (kind === 'tags') tag.mutate({ tag: name.trim(), concurrency_limit: limit }, { onSuccess: onClose });
    else
      global.mutate(
        { id: saved?.id, body: { name: name.trim(), limit, slot_decay_per_second: decay ?? 0, active } },
        { onSuccess: onClose },
      );
  };
  return (
    <FormDialog
      title={saved ? `Edit the limit ${saved.tag ?? saved.name}` : kind === 'global' ? 'Add a limit' : 'Limit a tag'}
      verb={saved ? 'Save' : 'Add the limit'}
      isOpen
      onClose={onClose}
      onSubmit={submit}
      isPending={save.isPending || name.trim() === '' || limit === null}
      problem={save.error?.message}
    >
      {kind === 'tags' && saved ? (
        <p className="text-sm text-text-2">
          Task runs with the tag <span className="font-mono text-text">{saved.tag}</span>
        </p>
      ) : (
        <TextInput
          label={kind === 'tags' ? 'Tag' : 'Name'}
          value={name}
          onChange={setName}
          autoFocus
          hint={kind === 'tags' ? 'Task runs that carry it wait for each other' : 'The name by which code takes its slots'}
        />
      )}
      <CountInput label={kind === 'tags' ? 'Task runs at once' : 'Slots'} value={limit} onChange={setLimit} />
      {kind === 'global' && (
        <>
          <CountInput
            label="Slots that come back by themselves, each second"
            value={decay}
            onChange={setDecay}
            step="any"
            hint="0 for slots that whoever took them gives back; more makes it a rate limit"
          />
          <Switch isSelected={active} onChange={setActive}>
            Active
          </Switch>
        </>
      )}
    </FormDialog>
  );
}
