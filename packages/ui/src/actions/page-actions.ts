import { useEffect, useRef, useSyncExternalStore } from 'react';

/** Something that can be done on the page that is shown; the palette and the keys offer it besides the page itself. */
export interface PageAction {
  readonly id: string;
  readonly title: string;
  /** The key that does it, when the focus is in no field. */
  readonly shortcut?: string;
  run(): void;
}

let current: readonly PageAction[] = [];
const listeners = new Set<() => void>();

function set(actions: readonly PageAction[]): void {
  current = actions;
  for (const listener of listeners) listener();
}

/** Offers what can be done on this page, while it is there. */
export function usePageActions(actions: readonly PageAction[]): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const offered = actions.map(({ id, title, shortcut }) => `${id}\n${title}\n${shortcut ?? ''}`).join('\n\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what an action does is looked up when it is done
  useEffect(() => {
    const mine = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find(({ id }) => id === action.id)?.run(),
    }));
    set(mine);
    return () => {
      if (current === mine) set([]);
    };
  }, [offered]);
}

/** What can be done on the page that is shown. */
export function useOfferedActions(): readonly PageAction[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}

/** The action of the page that a key does. */
export function actionOfKey(key: string): PageAction | undefined {
  return current.find(({ shortcut }) => shortcut === key);
}
