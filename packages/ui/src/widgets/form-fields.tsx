import { type ReactNode, useId } from 'react';
import { INPUT_LOOK } from './fields.tsx';

interface Labelled {
  label: string;
  /** What it means, or how it is written. */
  hint?: ReactNode;
  /** What is wrong with what was typed. */
  problem?: string | undefined;
}

/** A field of a form with its name over it and its hint, or what is wrong, under it. */
function FormField({
  label,
  hint,
  problem,
  children,
}: Labelled & {
  children: (aria: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': `${id}-hint`, 'aria-invalid': problem !== undefined })}
      <div
        id={`${id}-hint`}
        className={problem ? 'mt-1 text-sm text-failed-fg' : 'mt-1 text-sm break-words text-text-2 empty:hidden'}
      >
        {problem ?? hint}
      </div>
    </div>
  );
}

interface TextInputProps extends Labelled {
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  mono?: boolean;
  autoFocus?: boolean;
  /** Offered while one types; anything else may be typed too. */
  suggestions?: readonly string[];
  type?: 'text' | 'datetime-local';
}

/** One line of text. */
export function TextInput({
  value,
  onChange,
  placeholder,
  mono,
  autoFocus,
  suggestions,
  type = 'text',
  ...labelled
}: TextInputProps) {
  const list = useId();
  return (
    <FormField {...labelled}>
      {(aria) => (
        <>
          <input
            {...aria}
            type={type}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            placeholder={placeholder}
            // biome-ignore lint/a11y/noAutofocus: in a dialog that was opened to fill in this field
            autoFocus={autoFocus}
            autoComplete="off"
            spellCheck={false}
            {...(suggestions ? { list } : {})}
            className={`${INPUT_LOOK} ${mono ? 'font-mono' : ''}`}
          />
          {suggestions && (
            <datalist id={list}>
              {suggestions.map((text) => (
                <option key={text} value={text} />
              ))}
            </datalist>
          )}
        </>
      )}
    </FormField>
  );
}

/** Several lines of text. */
export function TextArea({
  value,
  onChange,
  rows = 3,
  mono,
  ...labelled
}: Labelled & { value: string; onChange: (value: string) => void; rows?: number; mono?: boolean }) {
  return (
    <FormField {...labelled}>
      {(aria) => (
        <textarea
          {...aria}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          rows={rows}
          spellCheck={!mono}
          className={`${INPUT_LOOK} h-auto py-1.5 ${mono ? 'font-mono text-xs leading-5' : ''}`}
        />
      )}
    </FormField>
  );
}

/** A number, or nothing when the field is empty. */
export function CountInput({
  value,
  onChange,
  min = 0,
  step = 1,
  placeholder,
  ...labelled
}: Labelled & {
  value: number | null;
  onChange: (value: number | null) => void;
  min?: number;
  step?: number | 'any';
  placeholder?: string;
}) {
  return (
    <FormField {...labelled}>
      {(aria) => (
        <input
          {...aria}
          type="number"
          min={min}
          step={step}
          inputMode={step === 1 ? 'numeric' : 'decimal'}
          placeholder={placeholder}
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
          className={`${INPUT_LOOK} tabular`}
        />
      )}
    </FormField>
  );
}

/** Tags, typed with commas between them. */
export function readTags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
    ),
  ];
}
