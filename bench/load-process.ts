import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReply, LoadResult } from './load.ts';

const LOAD = fileURLToPath(new URL('./load.ts', import.meta.url));

/** A load generator in a process of its own, so that what it costs is never counted as the server's. */
export interface LoadProcess {
  /** Puts load on the server for a time and answers what came of it. */
  round(seconds: number): Promise<LoadResult>;
  stop(): Promise<void>;
}

/** The load generator could not do its work. */
class LoadFailed extends Error {}

/** Starts a load generator and waits until it has prepared what its measure needs. */
export async function startLoad(order: LoadOrder): Promise<LoadProcess> {
  const child = fork(LOAD, [JSON.stringify(order)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const stop = async () => {
    if (child.connected) child.disconnect();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  try {
    await nextReply(child, order);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    async round(seconds) {
      const reply = nextReply(child, order);
      child.send(seconds);
      const message = await reply;
      if ('result' in message) return message.result;
      throw new LoadFailed(`The load process for ${order.measure} sent no result.`);
    },
    stop,
  };
}

async function nextReply(child: ChildProcess, order: LoadOrder): Promise<LoadReply> {
  const waiting = new AbortController();
  try {
    const { signal } = waiting;
    const [message] = await Promise.race([
      once(child, 'message', { signal }) as Promise<[LoadReply]>,
      once(child, 'exit', { signal }).then(([code]) => [{ failure: `It ended with exit code ${code}.` }] as [LoadReply]),
    ]);
    if ('failure' in message) throw new LoadFailed(`${order.measure} against ${order.apiUrl} failed: ${message.failure}`);
    return message;
  } finally {
    waiting.abort();
  }
}
