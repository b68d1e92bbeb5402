import type { Micros } from '@prefect-ts/protocol';
import type { LogTable } from '../storage/tables.ts';
import type { StoredEvent } from './event-log.ts';

/** What is announced, by topic. */
export interface Topics {
  /** Events, in the order in which they were committed. */
  events: readonly StoredEvent[];
  /** Lines of log, as stored. */
  logs: readonly LogTable[];
  /** A run of a work queue is due at `at`, or a slot in it became free. */
  due: { readonly workQueueId: string; readonly at: Micros };
  /** Background tasks of these keys wait for a worker. */
  tasks: { readonly taskKeys: readonly string[] };
  /** Infrastructure of this pool waits for a worker to take it down. */
  cleanups: { readonly workPoolId: string };
  /** Something that is no event changed about these objects: their pages should look again. */
  changed: {
    readonly kind: 'flow-run' | 'task-run' | 'deployment' | 'work-pool' | 'work-queue' | 'worker';
    readonly ids: readonly string[];
  };
}

export type Listener<Message> = (message: Message) => void;

/** Carries wake-ups and events to whoever listens. Nothing that may not be lost lives in it alone. */
export interface Bus {
  publish<Topic extends keyof Topics>(topic: Topic, message: Topics[Topic]): void;
  /** @returns a function that ends the subscription. */
  subscribe<Topic extends keyof Topics>(topic: Topic, listener: Listener<Topics[Topic]>): () => void;
  close(): Promise<void>;
}

/** A bus inside of one process. `onError` hears of listeners that throw; the others are told regardless. */
export function inProcessBus(onError: (error: unknown) => void): Bus {
  const listeners = new Map<keyof Topics, Set<Listener<never>>>();
  return {
    publish(topic, message) {
      for (const listener of listeners.get(topic) ?? []) {
        try {
          (listener as Listener<typeof message>)(message);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      set.add(listener as Listener<never>);
      return () => void set.delete(listener as Listener<never>);
    },
    async close() {
      listeners.clear();
    },
  };
}
