import { type Api, openApi, RefusedRequest } from './api.ts';
import { findMeasure } from './measures/index.ts';
import { NotAccepted, type Work } from './measures/measure.ts';

/** What a load process is to do, its only argument. */
export interface LoadOrder {
  readonly measure: string;
  readonly apiUrl: string;
  readonly clients: number;
}

/** One round of load, as the process reports it. */
export interface LoadResult {
  readonly units: number;
  readonly requests: number;
  /** From the first request until everything was visible. */
  readonly seconds: number;
  /** Milliseconds of each step. */
  readonly latencies: readonly number[];
  /** Failed steps by HTTP status, error code or kind. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Tells the parent how a message ended. */
export type LoadReply = { readonly ready: true } | { readonly result: LoadResult } | { readonly failure: string };

if (import.meta.main) await obeyParent();

/** Prepares the work, then does a round of it for each number of seconds the parent sends, until the parent lets go. */
async function obeyParent(): Promise<void> {
  const order: LoadOrder = JSON.parse(process.argv[2] ?? '{}');
  const api = openApi(order.apiUrl);
  const reply = (message: LoadReply) => process.send?.(message);
  try {
    const work = await findMeasure(order.measure).prepare(api, order.clients);
    process.on('message', (seconds: number) => {
      runRound(work, order.clients, seconds, api).then(
        (result) => reply({ result }),
        (error: unknown) => reply({ failure: describe(error) }),
      );
    });
    process.once('disconnect', () => {
      work.close?.();
      api.close();
    });
    reply({ ready: true });
  } catch (error) {
    reply({ failure: describe(error) });
  }
}

/** How long after the end of a round its last steps may still take; a server with locked tables would hold it for minutes. */
const GRACE_MILLIS = 10_000;

/** A closed loop: each client begins its next step when the one before has ended, until the time is up. */
export async function runRound(
  work: Work,
  clients: number,
  seconds: number,
  api: Pick<Api, 'requests' | 'close'>,
  graceMillis: number = GRACE_MILLIS,
  now: () => number = () => performance.now(),
): Promise<LoadResult> {
  const latencies: number[] = [];
  const errors: Record<string, number> = {};
  let units = 0;
  let givenUp = false;
  const requestsBefore = api.requests;
  const startedAt = now();
  const endsAt = startedAt + seconds * 1000;
  const loop = async (client: number) => {
    while (!givenUp && now() < endsAt) {
      const stepStartedAt = now();
      try {
        const done = await work.step(client);
        units += done; // not in one expression with the await: other clients add to it meanwhile
        latencies.push(now() - stepStartedAt);
      } catch (error) {
        const kind = givenUp ? 'unfinished' : kindOf(error);
        errors[kind] = (errors[kind] ?? 0) + 1;
      }
    }
  };
  const giveUp = setTimeout(
    () => {
      givenUp = true;
      api.close();
    },
    seconds * 1000 + graceMillis,
  );
  await Promise.all(Array.from({ length: clients }, (_, client) => loop(client)));
  clearTimeout(giveUp);
  const requests = api.requests - requestsBefore; // those of settling are no load
  await work.settle?.();
  return { units, requests, seconds: (now() - startedAt) / 1000, latencies, errors };
}

function kindOf(error: unknown): string {
  if (error instanceof RefusedRequest) return String(error.status);
  if (error instanceof NotAccepted) return 'not accepted';
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.name : String(error);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
