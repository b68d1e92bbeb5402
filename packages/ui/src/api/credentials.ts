import { useSyncExternalStore } from 'react';

/** Whether the person at the page has to say who they are, and whether what they said was refused. */
export type SignInState = 'not needed' | 'needed' | 'refused';

const KEY = 'prefect-ts:sign-in';

let pair = load();
let state: SignInState = 'not needed';
let waiting: (() => void)[] = [];
const listeners = new Set<() => void>();

/** What requests carry: `user:password`; nothing before anybody signed in. */
export function currentPair(): string | undefined {
  return pair;
}

/** The header of a request by somebody who signed in. */
export function authorization(of: string | undefined): Record<string, string> {
  if (of === undefined) return {};
  const bytes = new TextEncoder().encode(of);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/**
 * Resolves once somebody has signed in anew.
 *
 * @param used the pair that the server would not have; when another one is known by now, that can be tried at once.
 */
export function signInAfter(used: string | undefined): Promise<void> {
  if (used !== pair) return Promise.resolve();
  if (state === 'not needed') setState(used === undefined ? 'needed' : 'refused');
  return new Promise((resolve) => waiting.push(resolve));
}

/** Takes what somebody typed; what waits for it is tried again. */
export function signIn(user: string, password: string, keep: boolean): void {
  pair = `${user}:${password}`;
  try {
    sessionStorage.setItem(KEY, pair);
    if (keep) localStorage.setItem(KEY, pair);
    else localStorage.removeItem(KEY);
  } catch {
    // A browser that stores nothing keeps it until the page is closed.
  }
  const resolved = waiting;
  waiting = [];
  setState('not needed');
  for (const resolve of resolved) resolve();
}

export function useSignIn(): SignInState {
  return useSyncExternalStore(watchSignIn, () => state);
}

/** Calls back whenever somebody signed in or has to. */
export function watchSignIn(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function setState(next: SignInState): void {
  state = next;
  for (const listener of listeners) listener();
}

function load(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}
