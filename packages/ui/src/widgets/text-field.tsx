import { TextField as AriaTextField, Input, Label, Text, TextArea } from 'react-aria-components';
import { INPUT_LOOK } from './fields.tsx';

/** A text with its label over it. */
export function TextField({
  label,
  value,
  onChange,
  rows,
  hint,
  mono,
  placeholder,
  autoFocus,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** A text of more than one line has so many at least. */
  rows?: number;
  hint?: string;
  mono?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
}) {
  const look = `${INPUT_LOOK} ${mono ? 'font-mono text-xs' : ''}`;
  return (
    <AriaTextField value={value} onChange={onChange} autoFocus={autoFocus ?? false} className="flex min-w-0 flex-col gap-1">
      <Label className="text-sm font-medium">{label}</Label>
      {rows ? (
        <TextArea rows={rows} placeholder={placeholder ?? ''} className={`${look} h-auto py-1.5 leading-5`} />
      ) : (
        <Input autoComplete="off" placeholder={placeholder ?? ''} className={look} />
      )}
      {hint && (
        <Text slot="description" className="text-xs text-text-2">
          {hint}
        </Text>
      )}
    </AriaTextField>
  );
}
