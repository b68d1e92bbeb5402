import { type Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { readApiFailure } from './api-error.ts';
import type { Cluster } from './cluster.ts';
import { RUN_CONTAINER } from './job-end.ts';

const PAUSE_MS = 1000;

/** A line of a container's output. */
interface OutputLine {
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
  readonly text: string;
}

/**
 * Gives the output of a pod's run line by line until its container has ended or `signal` is aborted. A connection that breaks is made again,
 * and no line is given twice.
 */
export async function followOutput(
  cluster: Cluster,
  pod: { namespace: string; name: string },
  onLine: (text: string) => void,
  { ended, signal }: { ended: () => boolean; signal: AbortSignal },
): Promise<void> {
  const given = new LastLines();
  const onOutput = (line: OutputLine): void => {
    if (given.isNew(line)) onLine(line.text);
  };
  while (!signal.aborted) {
    const wasOver = ended();
    try {
      await readOutput(cluster, pod, { follow: true, ...given.start }, onOutput, signal);
    } catch (error) {
      if (readApiFailure(error).status === 404) return;
    }
    if (wasOver) return;
    if (!ended()) await sleep(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

const KEPT_SECONDS = 3;

/**
 * Remembers the lines of the last seconds: a connection that is made again starts a little before where the last one broke. The times of a
 * container's two streams are not in one order.
 */
class LastLines {
  readonly #bySecond = new Map<string, Set<string>>();

  /** Where to start again. */
  get start(): { sinceTime?: string } {
    const [first] = this.#bySecond.keys();
    return first === undefined ? {} : { sinceTime: first };
  }

  isNew({ time, text }: OutputLine): boolean {
    const second = time.replace(/\.\d+/, '');
    const lines = this.#bySecond.get(second) ?? new Set();
    const line = `${time} ${text}`;
    if (lines.has(line)) return false;
    this.#bySecond.set(second, lines.add(line));
    const [first] = this.#bySecond.keys();
    if (this.#bySecond.size > KEPT_SECONDS && first !== undefined) this.#bySecond.delete(first);
    return true;
  }
}

/** The last lines of a pod's output, oldest first; none where nobody keeps them any more. */
export async function readLastLines(
  cluster: Cluster,
  pod: { namespace: string; name: string },
  lines: number,
): Promise<string[]> {
  const found: string[] = [];
  const never = new AbortController().signal;
  await readOutput(cluster, pod, { tailLines: lines }, ({ text }) => found.push(text), never).catch(() => undefined);
  return found;
}

async function readOutput(
  { log }: Cluster,
  { namespace, name }: { namespace: string; name: string },
  options: { follow?: boolean; sinceTime?: string; tailLines?: number },
  onLine: (line: OutputLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const lines = new LineReader(onLine);
  const connection = await log.log(namespace, name, RUN_CONTAINER, lines, { ...options, timestamps: true });
  const stop = (): void => {
    connection.abort();
    lines.destroy();
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await lines.over;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Cuts what comes from the cluster into lines of a time and a text. */
class LineReader extends Writable {
  readonly over: Promise<void>;
  readonly #onLine: (line: OutputLine) => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  constructor(onLine: (line: OutputLine) => void) {
    super();
    this.#onLine = onLine;
    this.over = new Promise((resolve) => this.on('close', resolve));
    // The client leaves errors of the connection to nobody, and closes nothing after one.
    this.on('pipe', (source: Readable) => {
      source.on('error', () => undefined);
      source.on('close', () => (source.readableEnded ? undefined : this.destroy()));
    });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#give(line);
    done();
  }

  override _final(done: () => void): void {
    if (this.#rest !== '') this.#give(this.#rest);
    done();
  }

  #give(line: string): void {
    const space = line.indexOf(' ');
    if (space > 0) this.#onLine({ time: line.slice(0, space), text: line.slice(space + 1).replace(/\r$/, '') });
  }
}
