import { setTimeout as sleep } from 'node:timers/promises';
import { type FlowRunResponse, isTerminal, type ReceivedEvent, type StateType } from '@prefect-ts/protocol';
import { CommandError, SilentFailure } from '../errors.ts';
import type { Session } from '../session.ts';
import { logLine } from '../terminal/log-line.ts';
import { paintState } from '../terminal/states.ts';
import { clockTime } from '../terminal/time.ts';

export interface FollowOptions {
  readonly timeoutSeconds?: number | undefined;
  /** Seconds between looks at the API while no events arrive. */
  readonly pollSeconds?: number | undefined;
}

/** How often logs are asked for: the server sends no event for them. */
const LOG_SECONDS = 2;
/** A run sends its last logs a moment after its state: by then they are there, and this is their last line. */
const LAST_LOGS_MS = 2000;
const LAST_LOG_LOOK_MS = 50;
const LAST_LOG = /^Finished in state /;
/** Beside the events a look from time to time, should one have been lost. */
const SAFETY_LOOK_SECONDS = 15;

/**
 * Prints states and logs of a flow run as they come, until it is over.
 *
 * @throws SilentFailure when it ends in anything but COMPLETED, CommandError when `timeoutSeconds` pass before.
 */
export async function followFlowRun(session: Session, run: FlowRunResponse, options: FollowOptions = {}): Promise<void> {
  const { openLastingSocket } = await import('prefect-ts/runner');
  const client = await session.client();
  const view = new RunView(session, run);
  const wake = new Wake();
  const events = openLastingSocket({
    client,
    path: '/events/out',
    onReady: (send) => {
      send({ type: 'filter', filter: stateEventsOf(run.id) });
      wake.call();
    },
    onMessage: ({ event }) => {
      view.showEvent(event as ReceivedEvent | undefined);
      wake.call();
    },
  });
  const deadline = options.timeoutSeconds === undefined ? undefined : Date.now() + options.timeoutSeconds * 1000;
  try {
    let final = await view.look();
    for (let nextLook = 0; !final; ) {
      if (deadline !== undefined && Date.now() >= deadline) {
        throw new CommandError(`Flow run '${run.name}' is not over after ${options.timeoutSeconds} seconds.`);
      }
      const heard = await wake.wait(Math.min(LOG_SECONDS, deadline === undefined ? LOG_SECONDS : (deadline - Date.now()) / 1000));
      await view.showLogs();
      if (!heard && Date.now() < nextLook) continue;
      final = await view.look();
      nextLook = Date.now() + 1000 * (events.ready ? SAFETY_LOOK_SECONDS : (options.pollSeconds ?? LOG_SECONDS));
    }
    await view.showLastLogs(final);
    session.out.line(`Flow run '${run.name}' finished in state ${paintState(session.out, final.type, final.name)}.`);
    if (final.type !== 'COMPLETED') throw new SilentFailure();
  } finally {
    events.close();
  }
}

function stateEventsOf(id: string) {
  const now = new Date();
  const until = new Date(now);
  until.setUTCFullYear(now.getUTCFullYear() + 1);
  return {
    occurred: { since: now.toISOString(), until: until.toISOString() },
    event: { prefix: ['prefect.flow-run.'] },
    resource: { id: [`prefect.flow-run.${id}`] },
  };
}

interface ShownState {
  readonly id: string;
  readonly type: StateType;
  readonly name: string;
  readonly message: string | null;
  readonly timestamp: string;
}

type FinalState = Pick<ShownState, 'type' | 'name' | 'timestamp'>;

/** What of a run has been shown so far. */
class RunView {
  readonly #session: Session;
  readonly #run: FlowRunResponse;
  readonly #shownStates = new Set<string>();
  #lastLogTime: string | undefined;
  readonly #shownLogs = new Set<string>();
  #saidLast = false;

  constructor(session: Session, run: FlowRunResponse) {
    this.#session = session;
    this.#run = run;
  }

  /** Shows the state if it is new; gives it when it is final. */
  async look(): Promise<FinalState | undefined> {
    const client = await this.#session.client();
    const { state } = await client.call('GET /flow_runs/{id}', { path: { id: this.#run.id } });
    if (!state) return undefined;
    const name = state.name ?? state.type;
    this.#showState({ id: state.id, type: state.type, name, message: state.message, timestamp: state.timestamp });
    return isTerminal(state.type) ? { type: state.type, name, timestamp: state.timestamp } : undefined;
  }

  /** The event of a state carries the id of the state, so no state is shown twice, and none is missed that was soon over. */
  showEvent(event: ReceivedEvent | undefined): void {
    const type = event?.resource['prefect.state-type'];
    if (!event || !type) return;
    const { 'prefect.state-name': name = type, 'prefect.state-message': message = null } = event.resource;
    this.#showState({ id: event.id, type: type as StateType, name, message, timestamp: event.occurred });
  }

  #showState(state: ShownState): void {
    if (this.#shownStates.has(state.id)) return;
    this.#shownStates.add(state.id);
    const { out } = this.#session;
    const message = state.message ? `: ${state.message.split('\n')[0]}` : '';
    out.line(`${clockTime(state.timestamp)} | ${paintState(out, state.type, state.name)}${message}`);
  }

  async showLogs(): Promise<void> {
    const client = await this.#session.client();
    const logs = await client.call('POST /logs/filter', {
      body: {
        logs: {
          flow_run_id: { any_: [this.#run.id] },
          ...(this.#lastLogTime ? { timestamp: { after_: this.#lastLogTime } } : {}),
        },
        sort: 'TIMESTAMP_ASC',
      },
    });
    for (const log of logs) {
      if (this.#shownLogs.has(log.id)) continue;
      this.#shownLogs.add(log.id);
      this.#saidLast ||= !log.task_run_id && LAST_LOG.test(log.message);
      this.#lastLogTime = log.timestamp;
      this.#session.out.line(logLine(this.#session.out, log, `Flow run '${this.#run.name}'`));
    }
  }

  /** Shows the logs that a run which came to its own end sends after its state. */
  async showLastLogs({ type, timestamp }: FinalState): Promise<void> {
    await this.showLogs();
    if (type !== 'COMPLETED' && type !== 'FAILED') return;
    const deadline = Math.min(Date.parse(timestamp), Date.now()) + LAST_LOGS_MS;
    while (!this.#saidLast && Date.now() < deadline) {
      await sleep(LAST_LOG_LOOK_MS);
      await this.showLogs();
    }
  }
}

/** Lets a loop sleep until it is called or a time has passed. */
class Wake {
  #called = false;
  #onCall: (() => void) | undefined;

  call(): void {
    this.#called = true;
    this.#onCall?.();
  }

  /** @returns whether it was called. */
  async wait(seconds: number): Promise<boolean> {
    if (!this.#called) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(0, seconds) * 1000);
        this.#onCall = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const heard = this.#called;
    this.#called = false;
    this.#onCall = undefined;
    return heard;
  }
}
