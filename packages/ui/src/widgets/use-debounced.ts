import { useEffect, useRef, useState } from 'react';

/** A text that is typed here and handed on when typing rests; a change from outside replaces it. */
export function useDebouncedText(value: string, commit: (text: string) => void, millis = 250): [string, (text: string) => void] {
  const [draft, setDraft] = useState(value);
  const committed = useRef(value);
  useEffect(() => {
    if (value !== committed.current) {
      committed.current = value;
      setDraft(value);
    }
  }, [value]);
  useEffect(() => {
    if (draft === committed.current) return;
    const timer = setTimeout(() => {
      committed.current = draft;
      commit(draft);
    }, millis);
    return () => clearTimeout(timer);
  }, [draft, commit, millis]);
  return [draft, setDraft];
}
