import { X } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { INPUT_LOOK } from './fields.tsx';

/** Some words, each with a cross, and a place to type one more or to choose one of those that are suggested. */
export function TokenField({
  label,
  tokens,
  onChange,
  suggestions = [],
  hint,
  placeholder = 'Type and press Enter',
}: {
  label: string;
  tokens: readonly string[];
  onChange: (tokens: string[]) => void;
  suggestions?: readonly string[];
  hint?: string;
  placeholder?: string;
}) {
  const id = useId();
  const [draft, setDraft] = useState('');
  const add = (text: string) => {
    const token = text.trim();
    setDraft('');
    if (token !== '' && !tokens.includes(token)) onChange([...tokens, token]);
  };
  const type = (text: string) => {
    // What is chosen from the list arrives whole.
    if (suggestions.includes(text) && text.length > draft.length + 1) add(text);
    else setDraft(text);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || (event.key === ',' && draft !== '')) {
      event.preventDefault();
      add(draft);
    } else if (event.key === 'Backspace' && draft === '' && tokens.length > 0) onChange(tokens.slice(0, -1));
  };
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className={`${INPUT_LOOK} flex h-auto min-h-8 flex-wrap items-center gap-1 py-1`}>
        {tokens.map((token) => (
          <span
            key={token}
            className="inline-flex max-w-full items-center gap-0.5 rounded-sm bg-accent-soft ps-1.5 text-xs text-accent-fg"
          >
            <span className="min-w-0 py-0.5 break-all">{token}</span>
            <button
              type="button"
              aria-label={`Remove ${token}`}
              onClick={() => onChange(tokens.filter((other) => other !== token))}
              className="flex size-6 shrink-0 cursor-pointer items-center justify-center rounded-sm hover:bg-surface"
            >
              <X size={12} aria-hidden />
            </button>
          </span>
        ))}
        <input
          id={id}
          list={suggestions.length > 0 ? `${id}-list` : undefined}
          value={draft}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => add(draft)}
          placeholder={tokens.length === 0 ? placeholder : ''}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={hint ? `${id}-hint` : undefined}
          className="h-6 min-w-40 flex-1 bg-transparent text-sm outline-offset-4 placeholder:text-text-2"
        />
      </div>
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions
            .filter((suggestion) => !tokens.includes(suggestion))
            .map((suggestion) => (
              <option key={suggestion} value={suggestion} />
            ))}
        </datalist>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-text-2">
          {hint}
        </p>
      )}
    </div>
  );
}
