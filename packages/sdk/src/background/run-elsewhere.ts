import type { ReceivedEvent, TaskRun } from '@prefect-ts/protocol';
import { ObjectNotFound } from '../client/errors.ts';
import { runInContext } from '../context/context.ts';
import { readResult } from '../results/read.ts';
import type { RunEvents } from '../runner/run-events.ts';
import type { Session } from '../session/session.ts';
import { State, stateFromAnswer } from '../states/state.ts';
import type { RunInProgress } from '../tasks/future.ts';

/** A task run that goes on in another process. It is followed from the moment that somebody asks for its end. */
export function runElsewhere(session: Session, taskRun: TaskRun): RunInProgress<unknown> {
  let state = taskRun.state ? stateFromAnswer(taskRun.state) : new State({ type: 'PENDING' });
  let ended: Promise<State> | undefined;
  return {
    id: taskRun.id,
    name: taskRun.name,
    get ended() {
      ended ??= watcherOf(session)
        .follow(taskRun.id)
        .then((final) => {
          state = final;
          return final;
        });
      return ended;
    },
    state: () => state,
  };
}

/** Events may be missed, and the end of a run may have a name of its own: so often the server is asked. */
const LOOK_MS = 5000;

const watchers = new WeakMap<Session, Watcher>();

function watcherOf(session: Session): Watcher {
  const watcher = watchers.get(session) ?? new Watcher(session);
  watchers.set(session, watcher);
  return watcher;
}

/** Follows all the runs that a process waits for over one subscription. */
class Watcher {
  readonly #session: Session;
  readonly #waiting = new Map<string, (state: State) => void>();
  #news: RunEvents | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The state that a run ends in. */
  async follow(id: string): Promise<State> {
    const ended = new Promise<State>((resolve) => this.#waiting.set(id, resolve));
    await this.#listen();
    await this.#look(id);
    return ended;
  }

  async #listen(): Promise<void> {
    const { subscribeToRunEvents } = await import('../runner/run-events.ts');
    if (this.#waiting.size === 0) return;
    this.#news ??= subscribeToRunEvents({
      client: this.#session.client,
      events: ['prefect.task-run.*'],
      onEvent: (event) => this.#hear(event),
      onReady: () => void this.#lookAtAll(),
    });
    this.#timer ??= setInterval(() => void this.#lookAtAll(), LOOK_MS);
  }

  #hear({ resource }: ReceivedEvent): void {
    const id = resource['prefect.resource.id']?.replace('prefect.task-run.', '') ?? '';
    const type = resource['prefect.state-type'];
    if (this.#waiting.has(id) && ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'].includes(type ?? '')) void this.#look(id);
  }

  async #lookAtAll(): Promise<void> {
    for (const id of [...this.#waiting.keys()]) await this.#look(id);
  }

  async #look(id: string): Promise<void> {
    try {
      const { state } = await this.#session.client.call('GET /task_runs/{id}', { path: { id } });
      if (state && new State({ type: state.type }).isFinal()) this.#end(id, this.#withResult(stateFromAnswer(state)));
    } catch (error) {
      // A run that its server does not have will never end.
      if (error instanceof ObjectNotFound) this.#end(id, new State({ type: 'CRASHED', message: 'The task run was deleted.' }));
    }
  }

  /** Whoever reads the result later may be in no run, or in that of another server. */
  #withResult(state: State): State {
    const { metadata } = state;
    if (!metadata) return state;
    const context = { session: this.#session, tags: [] };
    return state.with({ outcome: { kind: 'kept', read: () => runInContext(context, () => readResult(metadata)) } });
  }

  #end(id: string, state: State): void {
    this.#waiting.get(id)?.(state);
    this.#waiting.delete(id);
    if (this.#waiting.size > 0) return;
    this.#news?.close();
    this.#news = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
