import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../widgets/button.tsx';
import { INPUT_LOOK } from '../widgets/fields.tsx';
import type { Field } from './schema.ts';

export interface InputProps {
  id?: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
  'aria-label'?: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** Any value as JSON; what does not parse stays as typed and is said. */
export function JsonInput({ value, onChange, ...aria }: InputProps) {
  const [draft, setDraft] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [broken, setBroken] = useState<string>();
  const edit = (text: string) => {
    setDraft(text);
    try {
      onChange(text.trim() === '' ? undefined : JSON.parse(text));
      setBroken(undefined);
    } catch (error) {
      setBroken(error instanceof Error ? error.message : 'This is not JSON');
    }
  };
  return (
    <>
      <textarea
        {...aria}
        value={draft}
        onChange={(event) => edit(event.target.value)}
        rows={Math.min(12, Math.max(2, draft.split('\n').length))}
        spellCheck={false}
        placeholder="JSON"
        className={`${INPUT_LOOK} h-auto py-1.5 font-mono text-xs leading-5`}
      />
      {broken && <p className="mt-1 text-sm text-failed-fg">{broken}</p>}
    </>
  );
}

/** A line of text; one that is secret shows only when it is asked to. */
export function LineInput({ secret, value, onChange, ...aria }: InputProps & { secret: boolean; value: string }) {
  const [shown, setShown] = useState(false);
  const input = (
    <input
      {...aria}
      type={secret && !shown ? 'password' : 'text'}
      autoComplete={secret ? 'new-password' : 'off'}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={INPUT_LOOK}
    />
  );
  if (!secret) return input;
  return (
    <div className="flex items-center gap-1">
      {input}
      <IconButton
        label={shown ? `Hide ${aria['aria-label'] ?? 'it'}` : `Show ${aria['aria-label'] ?? 'it'}`}
        onPress={() => setShown(!shown)}
        icon={shown ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
      />
    </div>
  );
}

/** A number; an empty field is no value. */
export function NumberInput({ field, value, onChange, ...aria }: InputProps & { field: Extract<Field, { kind: 'number' }> }) {
  return (
    <input
      {...aria}
      type="number"
      inputMode={field.integer ? 'numeric' : 'decimal'}
      step={field.integer ? 1 : 'any'}
      min={field.minimum}
      max={field.maximum}
      value={typeof value === 'number' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? undefined : Number(event.target.value))}
      className={`${INPUT_LOOK} tabular`}
    />
  );
}

/** An instant, asked for in local time and kept in UTC. */
export function DateTimeInput({ value, onChange, ...aria }: InputProps) {
  return (
    <input
      {...aria}
      type="datetime-local"
      step={1}
      value={toLocalInput(value)}
      onChange={(event) => onChange(event.target.value === '' ? undefined : new Date(event.target.value).toISOString())}
      className={INPUT_LOOK}
    />
  );
}

/** A timestamp as a local-time input wants it. */
function toLocalInput(value: unknown): string {
  const millis = Date.parse(String(value));
  if (Number.isNaN(millis)) return '';
  const local = new Date(millis - new Date(millis).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
