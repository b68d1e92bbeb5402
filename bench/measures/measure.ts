import type { Api } from '../api.ts';

/** Something that is asked of a server again and again, with what one piece of it is. */
export interface Measure {
  readonly name: string;
  /** What the numbers are for, as in "CPU per …". */
  readonly unit: string;
  /** Creates through the public API what the work needs, before any clock runs. May be called many times on one server. */
  prepare(api: Api, clients: number): Promise<Work>;
}

/** The work of one load process on one server. */
export interface Work {
  /** Does one piece of work for one of the clients and answers how many units it was. */
  step(client: number): Promise<number>;
  /** Resolves once everything that the server took is visible through its API, for work that it may finish after it answered. */
  settle?(): Promise<void>;
  /** Lets go of what `prepare` opened. */
  close?(): void;
}

/** The server took a request but not what it asked for. */
export class NotAccepted extends Error {}
