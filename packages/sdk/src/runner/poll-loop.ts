/** What a poll loop needs to know. */
export interface PollLoopOptions {
  /** Does the work once. Rejecting counts as trouble and is retried, unless {@link isFatal} says otherwise. */
  poll: () => Promise<void>;
  /** Seconds between polls when nobody wakes the loop; each wait is varied by up to 30 % so that many loops spread out. */
  everySeconds: number;
  /** Tells errors that trying again cannot mend; the loop ends with the first one. */
  isFatal: (error: unknown) => boolean;
  onTrouble: (error: unknown, failures: number, retryInSeconds: number) => void;
  onRecovery: (failures: number) => void;
  random?: () => number;
}

/** A loop that polls now and then, and at once when it is woken. */
export interface PollLoop {
  /** Polls at once, or right after the poll that is under way. */
  wake(): void;
  /** When the last poll ended well, in milliseconds since the epoch; the start of the loop before that. */
  readonly lastPollAt: number;
  /** Settles when the loop has ended: after {@link stop}, or by rejection after a fatal error. */
  readonly ended: Promise<void>;
  /** Ends the loop and waits for the poll that is under way. */
  stop(): Promise<void>;
}

const FIRST_RETRY_SECONDS = 1;
const LONGEST_RETRY_SECONDS = 30;

/** Starts a poll loop that outlives any trouble of the server: it backs off to 30 s and goes on for ever. */
export function startPollLoop(options: PollLoopOptions): PollLoop {
  const { poll, everySeconds, random = Math.random } = options;
  let stopped = false;
  let woken = false;
  let endWait: (() => void) | undefined;
  let lastPollAt = Date.now();

  const wait = (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopped) {
      woken = false;
      let pause = everySeconds * (0.7 + 0.6 * random());
      try {
        await poll();
        lastPollAt = Date.now();
        if (failures > 0) options.onRecovery(failures);
        failures = 0;
      } catch (error) {
        if (stopped) break;
        if (options.isFatal(error)) throw error;
        failures += 1;
        pause = Math.min(FIRST_RETRY_SECONDS * 2 ** (failures - 1), LONGEST_RETRY_SECONDS) * (0.7 + 0.6 * random());
        options.onTrouble(error, failures, pause);
      }
      if (!stopped && !woken) await wait(pause);
    }
  }

  const ended = run();
  // Whoever awaits `ended` sees the error; nobody has to.
  ended.catch(() => undefined);
  return {
    get lastPollAt() {
      return lastPollAt;
    },
    ended,
    wake() {
      woken = true;
      endWait?.();
    },
    async stop() {
      stopped = true;
      endWait?.();
      await ended.catch(() => undefined);
    },
  };
}
