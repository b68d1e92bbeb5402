import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

/** What a person chose for this browser; everything else is in the URL. */
export interface Preferences {
  theme: Theme;
  railCollapsed: boolean;
  logWrap: boolean;
  timeZone: 'local' | 'UTC';
  /** Whether single keys do things. */
  shortcuts: boolean;
}

const KEY = 'prefect-ts:v1';
const DEFAULTS: Preferences = { theme: 'system', railCollapsed: false, logWrap: true, timeZone: 'local', shortcuts: true };

const listeners = new Set<() => void>();
let current: Preferences = load();

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** Changes some preferences, stores them and applies the theme. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that stores nothing keeps the choice until the page is closed.
  }
  applyTheme(current.theme);
  for (const listener of listeners) listener();
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

function load(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof stored === 'object' && stored !== null ? { ...DEFAULTS, ...stored } : DEFAULTS;
  } catch {
    return DEFAULTS;
  }
}
