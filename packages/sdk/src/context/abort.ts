import { PrefectError } from '../errors.ts';

/** Why the work of a run has to stop: the `reason` of its signal. */
export class AbortReason extends PrefectError {
  override readonly code: string = 'ABORTED';
}

/** The body took longer than its timeout. */
export class RunTimeout extends AbortReason {
  override readonly code = 'RUN_TIMEOUT';
}

/** Somebody cancelled the run. */
export class RunCancelled extends AbortReason {
  override readonly code = 'RUN_CANCELLED';
}

/** The process is being stopped by a signal, or by an error that nobody caught. */
export class Shutdown extends AbortReason {
  override readonly code = 'SHUTDOWN';
}

/** The run will go on later, perhaps in another process. */
export class RunSuspended extends AbortReason {
  override readonly code = 'RUN_SUSPENDED';
}

/** The server gave the slots to somebody else while work was still going on. */
export class ConcurrencyLeaseLost extends AbortReason {
  override readonly code = 'CONCURRENCY_LEASE_LOST';
}

/**
 * One node of the tree process → flow run → subflow or task → attempt. Aborting a node aborts all below it. The signal of a node is
 * made when somebody asks for it: ten thousand tasks that look at none cost none.
 */
export class AbortNode {
  readonly #parent: AbortNode | undefined;
  readonly #below = new Set<AbortNode>();
  readonly #listeners = new Set<(reason: unknown) => void>();
  #controller: AbortController | undefined;
  #aborted = false;
  #reason: unknown;

  constructor(parent?: AbortNode) {
    this.#parent = parent;
    if (parent?.aborted) this.abort(parent.reason);
    else if (parent) parent.#below.add(this);
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of [...this.#listeners]) listener(reason);
    for (const node of [...this.#below]) node.abort(reason);
    this.dispose();
  }

  /** Calls back once when this node is aborted, at once when it is already; gives a function that forgets the listener. */
  onAbort(listener: (reason: unknown) => void): () => void {
    if (this.#aborted) {
      listener(this.#reason);
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }

  /** Takes this node out of the tree when its work is over. */
  dispose(): void {
    if (this.#parent) this.#parent.#below.delete(this);
    this.#listeners.clear();
  }
}

/** The root of the tree: aborted when the process has to stop. */
export const processNode = new AbortNode();

/** Waits, unless the node is aborted: then it throws the reason. */
export function pause(ms: number, node: AbortNode): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, ms);
    const forget = node.onAbort((reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
}

/** Settles as the work does, or rejects with the reason as soon as the node is aborted; the late end of the work is then dropped. */
export function orAbort<T>(work: Promise<T>, node: AbortNode): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = node.onAbort(reject);
    work.then(resolve, reject).finally(forget);
  });
}
