import type { FlowRunResponse, StateType } from '@prefect-ts/protocol';
import { useState } from 'react';
import { useForceState } from '../../actions/flow-run-actions.ts';
import { Select } from '../../widgets/fields.tsx';
import { FormDialog } from '../../widgets/form-dialog.tsx';
import { TextInput } from '../../widgets/form-fields.tsx';
import { StateGlyph, stateWord } from '../../widgets/state-badge.tsx';

const TYPES: readonly StateType[] = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED', 'SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'];

/** Puts a run into another state by hand. */
export default function ChangeState({ run, onClose }: { run: FlowRunResponse; onClose: () => void }) {
  const [type, setType] = useState<StateType>(run.state_type === 'COMPLETED' ? 'FAILED' : 'COMPLETED');
  const [message, setMessage] = useState('');
  const force = useForceState(run.id);
  return (
    <FormDialog
      title={`Change the state of ${run.name}`}
      verb="Change the state"
      isOpen
      onClose={onClose}
      onSubmit={() => force.mutate({ type, message }, { onSuccess: onClose })}
      isPending={force.isPending}
    >
      <p className="rounded-md bg-scheduled-bg px-3 py-2 text-sm text-scheduled-fg">
        Only what is written down changes: a process that runs is not stopped, and none is started.
      </p>
      <Select
        label="State"
        showLabel
        choices={TYPES.map((id) => ({ id, title: stateWord(id, null), icon: <StateGlyph type={id} name={null} /> }))}
        value={type}
        onChange={setType}
      />
      <TextInput label="Message" value={message} onChange={setMessage} placeholder="Set from the dashboard" />
    </FormDialog>
  );
}
