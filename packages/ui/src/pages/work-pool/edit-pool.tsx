import type { UiWorkPool } from '@prefect-ts/protocol';
import { useState } from 'react';
import { useEditWorkPool } from '../../actions/work-pool-actions.ts';
import { FormDialog } from '../../widgets/form-dialog.tsx';
import { CountInput, TextArea } from '../../widgets/form-fields.tsx';

/** Changes what a pool is for and how much it runs at once. */
export default function EditPool({ pool, onClose }: { pool: UiWorkPool; onClose: () => void }) {
  const [description, setDescription] = useState(pool.description ?? '');
  const [limit, setLimit] = useState(pool.concurrency_limit);
  const edit = useEditWorkPool(pool.name);
  return (
    <FormDialog
      title={`Edit ${pool.name}`}
      verb="Save"
      isOpen
      onClose={onClose}
      onSubmit={() => edit.mutate({ description, concurrency_limit: limit }, { onSuccess: onClose })}
      isPending={edit.isPending}
      problem={edit.error?.message}
    >
      <TextArea label="Description" value={description} onChange={setDescription} />
      <CountInput label="Runs at once" value={limit} onChange={setLimit} placeholder="no limit" />
    </FormDialog>
  );
}
