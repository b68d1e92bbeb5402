/** A round may be long; below this nobody calls a service stuck, however often it should run. */
const SHORTEST_PATIENCE_MILLIS = 30_000;
const MISSED_ROUNDS = 2;

interface Beat {
  readonly everyMillis: number;
  /** When a round last began or ended. */
  at: number;
}

interface Rounds {
  seconds: number;
  failures: number;
}

/** How a service is doing. */
export interface SignOfLife {
  readonly name: string;
  /** How long its next sign of life is overdue. */
  readonly lagSeconds: number;
  /** How long its last round took. */
  readonly roundSeconds: number;
  /** Rounds that failed. */
  readonly failures: number;
}

/** Knows when each loop of this server last gave a sign of life. */
export class ServicePulse {
  readonly #now: () => number;
  readonly #beats = new Map<string, Beat>();
  readonly #rounds = new Map<string, Rounds>();

  /** @param now milliseconds of a clock that nobody sets. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A round of a service begins or ends; `every` seconds lie between two rounds. */
  beat(name: string, every: number): void {
    this.#beats.set(name, { everyMillis: every * 1000, at: this.#now() });
  }

  /** A round of a service is over. */
  round(name: string, seconds: number, failed: boolean): void {
    const failures = (this.#rounds.get(name)?.failures ?? 0) + (failed ? 1 : 0);
    this.#rounds.set(name, { seconds, failures });
  }

  signs(): SignOfLife[] {
    const now = this.#now();
    return [...this.#beats].map(([name, { everyMillis, at }]) => {
      const { seconds = 0, failures = 0 } = this.#rounds.get(name) ?? {};
      return { name, lagSeconds: Math.max(0, now - at - everyMillis) / 1000, roundSeconds: seconds, failures };
    });
  }

  /** A service ends and is not expected any more. */
  end(name: string): void {
    this.#beats.delete(name);
  }

  /** The services that have missed two rounds: they wait for something that does not come. */
  stuck(): string[] {
    const now = this.#now();
    return [...this.#beats].flatMap(([name, { everyMillis, at }]) =>
      now - at > Math.max(MISSED_ROUNDS * everyMillis, SHORTEST_PATIENCE_MILLIS) ? [name] : [],
    );
  }
}
