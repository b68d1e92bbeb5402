import pg from 'pg';

/** So many notes go out in one statement. */
const NOTES_AT_ONCE = 500;
/** Notes that wait for a broken line; beyond, the oldest are given up. */
const MOST_WAITING = 20_000;
const SHORTEST_PAUSE_MILLIS = 100;
const LONGEST_PAUSE_MILLIS = 5_000;
/** A line that has been quiet is tried so often: a connection may die without a word. */
const PROBE_MILLIS = 15_000;
const PATIENCE_MILLIS = 10_000;

/** Under which the database lists the connections of lines. */
export const LINE_NAME = 'prefect-bus';

export interface NotifyLineOptions {
  readonly url: string;
  readonly channel: string;
  /** Called for every note of others, in the order in which each of them sent. */
  readonly onNote: (text: string) => void;
  /** Called whenever the line stands anew: notes from before may be missing. */
  readonly onConnected: () => void;
  readonly onError: (error: unknown) => void;
}

/** A line between processes over one channel of a PostgreSQL database, kept up by itself. Nobody hears its own notes. */
export class NotifyLine {
  readonly #options: NotifyLineOptions;
  #client: pg.Client | undefined;
  /** Whether the client listens and may send. */
  #stands = false;
  #waiting: string[] = [];
  #sending: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pause = SHORTEST_PAUSE_MILLIS;
  #closed = false;
  readonly #probe: NodeJS.Timeout;

  constructor(options: NotifyLineOptions) {
    this.#options = options;
    this.#probe = setInterval(() => this.#probeLine(), PROBE_MILLIS);
    this.#probe.unref();
  }

  /** Connects; resolves when the line stands, or when it is clear that it must be tried again later. */
  async open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: LINE_NAME,
      keepAlive: true,
      connectionTimeoutMillis: PATIENCE_MILLIS,
      query_timeout: PATIENCE_MILLIS,
    });
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, new Error('The line between the servers was cut.')));
    client.on('notification', ({ processId, payload }) => {
      if (processId !== processOf(client) && payload) this.#options.onNote(payload);
    });
    this.#client = client;
    try {
      await client.connect();
      // A note that is lost with the database's power costs nobody anything, so nobody waits for the disk.
      await client.query('SET synchronous_commit = off');
      await client.query(`LISTEN ${this.#options.channel}`);
    } catch (error) {
      this.#lose(client, error);
      return;
    }
    if (client !== this.#client) return;
    this.#stands = true;
    this.#pause = SHORTEST_PAUSE_MILLIS;
    this.#options.onConnected();
    this.#flush();
  }

  /** Sends a note once the line stands, after those before. */
  send(note: string): void {
    if (this.#closed) return;
    this.#waiting.push(note);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.splice(0, this.#waiting.length - MOST_WAITING);
    this.#flush();
  }

  /** Sends what waits, if the line stands, and closes. */
  async close(): Promise<void> {
    clearInterval(this.#probe);
    while (this.#sending) await this.#sending;
    this.#closed = true;
    clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  #flush(): void {
    const client = this.#client;
    if (!client || !this.#stands || this.#sending || this.#waiting.length === 0) return;
    this.#sending = this.#sendAll(client).finally(() => {
      this.#sending = undefined;
      this.#flush();
    });
  }

  async #sendAll(client: pg.Client): Promise<void> {
    // What is published in the same turn goes out together.
    await Promise.resolve();
    while (this.#waiting.length > 0 && client === this.#client) {
      const notes = this.#waiting.slice(0, NOTES_AT_ONCE);
      try {
        await client.query('SELECT pg_notify($1, note) FROM unnest($2::text[]) AS note', [this.#options.channel, notes]);
      } catch (error) {
        this.#lose(client, error);
        return;
      }
      this.#waiting.splice(0, notes.length);
    }
  }

  #probeLine(): void {
    const client = this.#client;
    if (!client || !this.#stands || this.#sending) return;
    client.query('SELECT 1').catch((error) => this.#lose(client, error));
  }

  #lose(client: pg.Client, error: unknown): void {
    if (client !== this.#client || this.#closed) return;
    this.#client = undefined;
    this.#stands = false;
    this.#options.onError(error);
    client.end().catch(() => undefined);
    this.#retry = setTimeout(() => this.open(), this.#pause);
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MILLIS);
  }
}

/** The database's name for a connection. */
function processOf(client: pg.Client): number | undefined {
  return 'processID' in client && typeof client.processID === 'number' ? client.processID : undefined;
}
