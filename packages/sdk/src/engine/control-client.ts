import { connect, type Socket } from 'node:net';
import type { State } from '../states/state.ts';

/** What a supervisor wants before it ends the process. */
export type Intent = 'cancel' | 'reschedule' | 'relinquish';

const INTENTS: Readonly<Record<number, Intent>> = { 99: 'cancel', 114: 'reschedule', 113: 'relinquish' };
const HELLO = Buffer.from([0x00, 0x50, 0x46, 0x02, 0x01]);
const ACKNOWLEDGED = Buffer.from('a');
const RECEIPT = 0x01;
const RECEIPT_TAKEN = 0x02;
const HELLO_WITHIN_MS = 250;
const RECEIPT_WITHIN_MS = 1000;

/** The engine's end of the line to the program that supervises it (contract, SDK 23.5). */
export class ControlClient {
  /** What the supervisor has asked for. */
  intent: Intent | undefined;
  readonly #socket: Socket;
  #takesReceipts = false;
  #toldReceipts: (taken: boolean) => void = () => {};
  readonly #greeted: Promise<void>;
  #sentReceipt = false;

  private constructor(socket: Socket, token: string) {
    this.#socket = socket;
    socket.unref();
    socket.on('error', () => socket.destroy());
    socket.write(`${token}\n`);
    socket.write(HELLO);
    this.#greeted = new Promise((resolve) => {
      const timer = setTimeout(resolve, HELLO_WITHIN_MS).unref();
      socket.on('close', () => resolve());
      socket.on('data', (chunk: Buffer) => {
        this.#read(chunk);
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Connects when the environment names a supervisor, and takes its secrets out of there, so that no grandchild has them. */
  static fromEnvironment(env: NodeJS.ProcessEnv): ControlClient | undefined {
    const { PREFECT__CONTROL_PORT: port, PREFECT__CONTROL_TOKEN: token } = env;
    delete env.PREFECT__CONTROL_PORT;
    delete env.PREFECT__CONTROL_TOKEN;
    return port && token ? new ControlClient(connect({ host: '127.0.0.1', port: Number(port) }), token) : undefined;
  }

  /** Tells the supervisor that the end of the run is with the server. @returns whether it took note */
  async sendReceipt(outcome: State | 'aborted'): Promise<boolean> {
    await this.#greeted;
    if (!this.#takesReceipts || this.intent !== undefined || this.#socket.destroyed) return false;
    this.#sentReceipt = true;
    const text = JSON.stringify(
      outcome === 'aborted'
        ? { disposition: 'ORCHESTRATION_ABORTED' }
        : { disposition: 'STATE_REPORTED', state_id: outcome.id, state_type: outcome.type, state_name: outcome.name },
    );
    const header = Buffer.alloc(5);
    header.writeUInt8(RECEIPT, 0);
    header.writeUInt32BE(Buffer.byteLength(text), 1);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RECEIPT_WITHIN_MS, false);
      this.#toldReceipts = (taken) => {
        clearTimeout(timer);
        resolve(taken);
      };
      this.#socket.on('close', () => this.#toldReceipts(false));
      this.#socket.write(Buffer.concat([header, Buffer.from(text)]));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    if (!this.#takesReceipts && rest.subarray(0, HELLO.length).equals(HELLO)) {
      this.#takesReceipts = true;
      rest = rest.subarray(HELLO.length);
    }
    for (const byte of rest) {
      const intent = INTENTS[byte];
      if (byte === RECEIPT_TAKEN) this.#toldReceipts(true);
      // The first of intent and receipt counts.
      else if (intent !== undefined && !this.#sentReceipt) {
        this.intent = intent;
        this.#socket.write(ACKNOWLEDGED);
      }
    }
  }
}
