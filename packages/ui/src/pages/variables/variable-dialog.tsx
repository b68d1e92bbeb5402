import type { Variable } from '@prefect-ts/protocol';
import { useState } from 'react';
import { useSaveVariable } from '../../actions/variable-actions.ts';
import { FormDialog } from '../../widgets/form-dialog.tsx';
import { readTags, TextArea, TextInput } from '../../widgets/form-fields.tsx';

/** Makes a variable, or changes one. What is JSON is kept as it is; anything else is text. */
export default function VariableDialog({ saved, onClose }: { saved: Variable | undefined; onClose: () => void }) {
  const [name, setName] = useState(saved?.name ?? '');
  const [text, setText] = useState(saved ? textOfValue(saved.value) : '');
  const [tags, setTags] = useState(saved?.tags.join(', ') ?? '');
  const save = useSaveVariable();
  const value = valueOfText(text);
  return (
    <FormDialog
      title={saved ? `Edit ${saved.name}` : 'Add a variable'}
      verb={saved ? 'Save' : 'Add the variable'}
      isOpen
      wide
      onClose={onClose}
      onSubmit={() =>
        save.mutate(
          { id: saved?.id, body: { name: name.trim(), value: value as never, tags: readTags(tags) } },
          { onSuccess: onClose },
        )
      }
      isPending={save.isPending || name.trim() === ''}
      problem={save.error?.message}
    >
      <TextInput
        label="Name"
        value={name}
        onChange={setName}
        mono
        autoFocus
        hint="Small letters, digits and underscores; flows ask for it by this name"
      />
      <TextArea
        label="Value"
        value={text}
        onChange={setText}
        mono
        rows={6}
        hint={`It is ${kindOf(value)}. JSON is kept as it is; "in quotes" it is always text.`}
      />
      <TextInput label="Tags" value={tags} onChange={setTags} hint="With commas between them" />
    </FormDialog>
  );
}

/** A value as it is edited: text as itself unless it would be read as something else. */
function textOfValue(value: unknown): string {
  if (typeof value === 'string')
    return typeof valueOfText(value) === 'string' && !value.startsWith('"') ? value : JSON.stringify(value);
  return JSON.stringify(value, null, 2) ?? 'null';
}

/** What a text means: JSON if it is any, else the text. */
function valueOfText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What a value is, in words. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return (
    { string: 'text', number: 'a number', boolean: 'true or false', object: 'an object' }[typeof value as 'string'] ?? 'text'
  );
}
