import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { actionOfKey } from '../actions/page-actions.ts';
import { usePreferences } from '../widgets/preferences.ts';
import { GO_KEYS } from './go-keys.ts';

/** The second key of a pair has to come this soon. */
const PAIR_MS = 1500;

/** Listens for the keys of the dashboard: Ctrl or Cmd and K always, the others while the focus is in no field or layer. */
export function useShortcuts({ openPalette, openKeys }: { openPalette: () => void; openKeys: () => void }): void {
  const navigate = useNavigate();
  const { shortcuts } = usePreferences();
  useEffect(() => {
    let goSince = Number.NEGATIVE_INFINITY;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) {
        event.preventDefault();
        openPalette();
        return;
      }
      if (!shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isBusy(event)) return;
      const isSecond = event.timeStamp - goSince < PAIR_MS;
      goSince = !isSecond && event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const go = isSecond ? GO_KEYS.find(({ key }) => key === event.key) : undefined;
      const act = go
        ? () => void navigate({ to: go.to })
        : isSecond || event.key === 'g'
          ? undefined
          : event.key === '?'
            ? openKeys
            : event.key === '/'
              ? focusFilter
              : actionOfKey(event.key)?.run;
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [navigate, openPalette, openKeys, shortcuts]);
}

/** Whether a key belongs to a field, or to a layer over the page. */
function isBusy({ target }: KeyboardEvent): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]')) return true;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('#main input[type="search"]')?.focus();
}
