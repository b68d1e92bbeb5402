import type { Core } from '../core.ts';
import { acknowledgeTaskRun, claimTaskRun, hasQueuedTaskRun } from '../resources/task-queue.ts';
import { taskRunResponse } from '../resources/task-runs.ts';
import {
  forgetTaskWorkers,
  forgetTaskWorkersOfOthers,
  RENEWAL_SECONDS,
  registerTaskWorker,
  renewTaskWorker,
  type TaskWorker,
} from '../resources/task-workers.ts';
import type { TaskRunTable } from '../storage/tables.ts';
import { type ClientSocket, parseFrame, type SocketRoute } from './sockets.ts';

/** Announcements may be lost; so often a worker that waits looks for itself. */
const LOOK_MILLIS = 5_000;
const PROTOCOL_VIOLATION = 4001;

/**
 * Where task workers receive background tasks, one at a time, each once it has acknowledged the one before. What it was handed and did
 * not acknowledge goes to others when it leaves. Contract: orchestration 15.5.
 */
export const taskSubscription: SocketRoute = {
  path: '/task_runs/subscriptions/scheduled',
  async serve(socket, _parameters, core) {
    const worker = await readSubscription(socket);
    if (!worker) return;
    const id = await core.write(async (unit) => {
      if (core.storage.dialect.name === 'sqlite') await forgetTaskWorkersOfOthers(unit, core.serverId);
      return registerTaskWorker(unit, core.serverId, worker);
    });
    const renewal = setInterval(() => {
      core
        .write((unit) => renewTaskWorker(unit, id))
        // What it had was given to others while this server stood still: it had better begin again.
        .then((known) => known || socket.terminate())
        .catch((error) => core.log.warn({ err: error, worker: worker.identifier }, 'a task worker could not be renewed'));
    }, RENEWAL_SECONDS * 1000);
    try {
      await new Delivery(socket, core, id, worker.taskKeys).run();
    } finally {
      clearInterval(renewal);
      await core.write((unit) => forgetTaskWorkers(unit, [id]));
    }
  },
};

async function readSubscription(socket: ClientSocket): Promise<TaskWorker | undefined> {
  const frame = await socket.next();
  if (frame === undefined) return undefined;
  const message = parseFrame(frame);
  const refuse = (what: string) => void socket.close(PROTOCOL_VIOLATION, `Protocol violation: expected ${what}`);
  if (message?.type !== 'subscribe') return refuse("'subscribe' message");
  const taskKeys = Array.isArray(message.keys) ? message.keys.filter((key) => typeof key === 'string') : [];
  if (taskKeys.length === 0) return refuse("'keys' in subscribe message");
  const { client_id: identifier } = message;
  if (typeof identifier !== 'string' || identifier === '') return refuse("'client_id' in subscribe message");
  return { identifier, taskKeys: [...new Set(taskKeys)] };
}

/** Hands background tasks to one worker. */
class Delivery {
  readonly #socket: ClientSocket;
  readonly #core: Core;
  readonly #workerId: string;
  readonly #taskKeys: readonly string[];
  /** The task that the worker has, not acknowledged. */
  #handed: string | undefined;
  #announced = false;
  #wake: () => void = () => undefined;

  constructor(socket: ClientSocket, core: Core, workerId: string, taskKeys: readonly string[]) {
    this.#socket = socket;
    this.#core = core;
    this.#workerId = workerId;
    this.#taskKeys = taskKeys;
  }

  /** Delivers until the worker leaves, quits or says something that it should not. */
  async run(): Promise<void> {
    const keys = new Set(this.#taskKeys);
    const stop = this.#core.bus.subscribe('tasks', ({ taskKeys }) => {
      if (!taskKeys.some((key) => keys.has(key))) return;
      this.#announced = true;
      this.#wake();
    });
    try {
      while (!this.#socket.closed) {
        const run = await this.#next();
        if (!run) continue;
        this.#handed = run.id;
        this.#socket.send(JSON.stringify(taskRunResponse(run, this.#core.clock())));
        const answer = parseFrame((await this.#socket.next()) ?? '')?.type;
        if (answer === 'quit') return await this.#acknowledge();
        if (answer !== 'ack') return void this.#socket.close(PROTOCOL_VIOLATION, "Protocol violation: expected 'ack' message");
      }
    } finally {
      stop();
    }
  }

  /** The next task, with the acknowledgement of the one before in the same transaction; nothing after waiting in vain. */
  async #next(): Promise<TaskRunTable | undefined> {
    this.#announced = false;
    if (this.#handed !== undefined || (await hasQueuedTaskRun(this.#core.read, this.#core.storage.builder, this.#taskKeys))) {
      const run = await this.#core.write(async (unit) => {
        if (this.#handed !== undefined) await acknowledgeTaskRun(unit, this.#workerId, this.#handed);
        return claimTaskRun(unit, this.#workerId, this.#taskKeys);
      });
      this.#handed = undefined;
      if (run) return run;
    }
    await this.#announcement();
    return undefined;
  }

  async #acknowledge(): Promise<void> {
    const handed = this.#handed;
    if (handed !== undefined) await this.#core.write((unit) => acknowledgeTaskRun(unit, this.#workerId, handed));
  }

  /** Resolves when a task may be there, at the latest after a while, or when the worker is gone. */
  #announcement(): Promise<void> {
    const { left } = this.#socket;
    if (this.#announced || left.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        left.removeEventListener('abort', done);
        this.#wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, LOOK_MILLIS);
      left.addEventListener('abort', done, { once: true });
      this.#wake = done;
    });
  }
}
