/** Remembers the last ids that it was given, at least so many. */
export class RecentIds {
  readonly #kept: number;
  #young = new Set<string>();
  #old = new Set<string>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  add(ids: Iterable<string>): void {
    for (const id of ids) this.#young.add(id);
    if (this.#young.size < this.#kept) return;
    this.#old = this.#young;
    this.#young = new Set();
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }
}
