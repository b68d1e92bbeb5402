import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** What a supervisor wants of a run's process before it ends it. */
export type ControlIntent = 'cancel' | 'reschedule' | 'relinquish';

/** A run's own word that nothing is left to report for it. */
export type OutcomeReceipt =
  | { disposition: 'STATE_REPORTED'; state_id: string; state_type: string; state_name: string }
  | { disposition: 'ORCHESTRATION_ABORTED' };

/** The supervisor's end of the line to one process. */
export interface ControlLink {
  /** What the process must find in its environment to connect. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether the process speaks the version of the protocol in which outcomes are told. */
  readonly tellsOutcomes: boolean;
  /** What the process said about its outcome, once it did. */
  readonly receipt: OutcomeReceipt | undefined;
  /** Tells the process what is wanted; false when it is not connected, has already given a receipt, or does not answer in time. */
  send(intent: ControlIntent): Promise<boolean>;
  close(): void;
}

const INTENT_BYTES = { cancel: 'c', reschedule: 'r', relinquish: 'q' } as const;
const HELLO = Buffer.from([0x00, 0x50, 0x46, 0x02, 0x01]);
const ACKNOWLEDGED = 'a'.charCodeAt(0);
const RECEIPT = 0x01;
const RECEIPT_TAKEN = Buffer.from([0x02]);
const LONGEST_RECEIPT = 4096;
const LONGEST_TOKEN = 256;
const ANSWER_WITHIN_MS = 1000;

/**
 * The loopback listener that the processes of runs connect to, so that they can tell a cancellation from a crash (contract, SDK 23.5).
 * One serves any number of processes.
 */
export class ControlChannel {
  readonly #server: Server;
  readonly #links = new Map<string, Link>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#greet(socket));
  }

  static async open(): Promise<ControlChannel> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.unref();
    return new ControlChannel(server);
  }

  /** Expects one more process. */
  admit(): ControlLink {
    const token = randomUUID();
    const { port } = this.#server.address() as AddressInfo;
    const link = new Link({ PREFECT__CONTROL_PORT: String(port), PREFECT__CONTROL_TOKEN: token }, () =>
      this.#links.delete(token),
    );
    this.#links.set(token, link);
    return link;
  }

  close(): void {
    for (const link of [...this.#links.values()]) link.close();
    this.#server.close();
  }

  #greet(socket: Socket): void {
    let received = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      const end = received.indexOf('\n');
      if (end < 0) {
        if (received.length > LONGEST_TOKEN) socket.destroy();
        return;
      }
      socket.off('data', onData);
      const link = this.#links.get(received.toString('utf8', 0, end).trim());
      if (link) link.attach(socket, received.subarray(end + 1));
      else socket.destroy();
    };
    socket.on('data', onData);
  }
}

class Link implements ControlLink {
  readonly env: Readonly<Record<string, string>>;
  tellsOutcomes = false;
  receipt: OutcomeReceipt | undefined;
  readonly #forget: () => void;
  #socket: Socket | undefined;
  #received: Buffer = Buffer.alloc(0);
  #intent: ControlIntent | undefined;
  #acknowledge: ((taken: boolean) => void) | undefined;

  constructor(env: Record<string, string>, forget: () => void) {
    this.env = env;
    this.#forget = forget;
  }

  attach(socket: Socket, rest: Buffer): void {
    this.#socket?.destroy();
    this.#socket = socket;
    socket.unref();
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('close', () => this.#acknowledge?.(false));
    this.#read(rest);
  }

  async send(intent: ControlIntent): Promise<boolean> {
    const socket = this.#socket;
    if (!socket || socket.destroyed || this.receipt) return false;
    this.#intent = intent;
    const taken = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, ANSWER_WITHIN_MS, false);
      this.#acknowledge = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      socket.write(INTENT_BYTES[intent]);
    });
    this.#acknowledge = undefined;
    return taken;
  }

  close(): void {
    this.#forget();
    this.#socket?.destroy();
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let taken = this.#takeFrame(); taken > 0; taken = this.#takeFrame()) this.#received = this.#received.subarray(taken);
  }

  /** Handles the first whole frame and tells its length; 0 while it is not all there. */
  #takeFrame(): number {
    const [kind] = this.#received;
    if (kind === undefined) return 0;
    if (kind === HELLO[0]) return this.#takeHello();
    if (kind === RECEIPT) return this.#takeReceipt();
    if (kind === ACKNOWLEDGED) this.#acknowledge?.(true);
    return 1;
  }

  #takeHello(): number {
    if (this.#received.length < HELLO.length) return 0;
    this.tellsOutcomes = true;
    this.#socket?.write(HELLO);
    return HELLO.length;
  }

  #takeReceipt(): number {
    if (this.#received.length < 5) return 0;
    const length = this.#received.readUInt32BE(1);
    if (length > LONGEST_RECEIPT) {
      this.#socket?.destroy();
      return 0;
    }
    if (this.#received.length < 5 + length) return 0;
    if (this.#intent === undefined) {
      this.receipt = readReceipt(this.#received.toString('utf8', 5, 5 + length));
      if (this.receipt) this.#socket?.write(RECEIPT_TAKEN);
    }
    return 5 + length;
  }
}

function readReceipt(text: string): OutcomeReceipt | undefined {
  try {
    const receipt: unknown = JSON.parse(text);
    const disposition = (receipt as { disposition?: unknown } | null)?.disposition;
    return disposition === 'STATE_REPORTED' || disposition === 'ORCHESTRATION_ABORTED' ? (receipt as OutcomeReceipt) : undefined;
  } catch {
    return undefined;
  }
}
