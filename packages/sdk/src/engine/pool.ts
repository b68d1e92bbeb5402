import type { AbortNode } from '../context/abort.ts';

/** Lets only so many runs go on at once; the others wait in the order they came. */
export class Pool {
  readonly #size: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Takes a place, waiting for one if need be. @returns a function that gives it back */
  async enter(node: AbortNode): Promise<() => void> {
    if (this.#taken >= this.#size) await this.#wait(node);
    else this.#taken++;
    return () => this.#leave();
  }

  #wait(node: AbortNode): Promise<void> {
    return new Promise((resolve, reject) => {
      const take = () => {
        forget();
        resolve();
      };
      this.#waiting.push(take);
      const forget = node.onAbort((reason) => {
        const place = this.#waiting.indexOf(take);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(reason);
      });
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    // The place goes straight to the next one, so nobody can slip in between.
    if (next) next();
    else this.#taken--;
  }
}
