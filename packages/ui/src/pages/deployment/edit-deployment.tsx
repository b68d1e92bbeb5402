import type { DeploymentResponse } from '@prefect-ts/protocol';
import { useState } from 'react';
import { useEditDeployment } from '../../actions/deployment-actions.ts';
import { Select, Switch } from '../../widgets/fields.tsx';
import { FormDialog } from '../../widgets/form-dialog.tsx';
import { CountInput, readTags, TextArea, TextInput } from '../../widgets/form-fields.tsx';

const STRATEGIES = [
  { id: 'ENQUEUE', title: 'Wait for a slot' },
  { id: 'CANCEL_NEW', title: 'Cancel the new run' },
] as const;

/** Changes what belongs to operating a deployment; the next deploy from code sets it anew. */
export default function EditDeployment({ deployment, onClose }: { deployment: DeploymentResponse; onClose: () => void }) {
  const [description, setDescription] = useState(deployment.description ?? '');
  const [tags, setTags] = useState(deployment.tags.join(', '));
  const [limit, setLimit] = useState(deployment.global_concurrency_limit?.limit ?? null);
  const [strategy, setStrategy] = useState(deployment.concurrency_options?.collision_strategy ?? 'ENQUEUE');
  const [checked, setChecked] = useState(deployment.enforce_parameter_schema);
  const edit = useEditDeployment(deployment.id);
  const submit = () =>
    edit.mutate(
      {
        description,
        tags: readTags(tags),
        concurrency_limit: limit,
        concurrency_options: limit === null ? null : { collision_strategy: strategy },
        enforce_parameter_schema: checked,
      },
      { onSuccess: onClose },
    );
  return (
    <FormDialog
      title={`Edit ${deployment.name}`}
      verb="Save"
      isOpen
      onClose={onClose}
      onSubmit={submit}
      isPending={edit.isPending}
      problem={edit.error?.message}
    >
      <TextArea label="Description" value={description} onChange={setDescription} hint="Markdown" rows={4} />
      <TextInput label="Tags" value={tags} onChange={setTags} hint="With commas between them" />
      <CountInput label="Runs at once" value={limit} onChange={setLimit} min={1} placeholder="no limit" />
      {limit !== null && (
        <Select label="When the limit is reached" showLabel choices={STRATEGIES} value={strategy} onChange={setStrategy} />
      )}
      <Switch isSelected={checked} onChange={setChecked}>
        Check parameters against their schema
      </Switch>
      <p className="text-sm text-text-2">The next deploy from code sets these anew.</p>
    </FormDialog>
  );
}
