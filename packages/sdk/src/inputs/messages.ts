import { uuid4 } from '@prefect-ts/protocol';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { pause as wait } from '../context/abort.ts';
import { currentContext } from '../context/context.ts';
import { type Duration, toSeconds } from '../durations.ts';
import { ConfigurationError, MissingContextError, WaitTimeout } from '../errors.ts';
import { jsonSchemaOf } from '../schema/json-schema.ts';
import { checkValue } from '../schema/validate.ts';
import { currentSession, type Session } from '../session/session.ts';

/** How a message is addressed. */
export interface SendOptions {
  /** Id of the flow run that gets the message. */
  readonly to: string;
  /** What kind of message it is; in Python the name of the `RunInput` class. Default: the kind of a plain value. */
  readonly kind?: string | undefined;
  /** The whole prefix of the key, in place of the one that the kind gives. */
  readonly keyPrefix?: string | undefined;
}

/** Which messages are received, and for how long. */
export interface ReceiveOptions {
  /** What kind of message to take. Default: the title of the schema, or the kind of a plain value. */
  readonly kind?: string | undefined;
  /** The whole prefix of the keys, in place of the one that the kind gives. */
  readonly keyPrefix?: string | undefined;
  /** How long to wait for the next message. Default: an hour. */
  readonly timeout?: Duration | undefined;
  /** Throws WaitTimeout when the time is up, instead of ending. Default false. */
  readonly throwOnTimeout?: boolean | undefined;
  /** How often to look. Default: 10 seconds; the server's news come in between. */
  readonly pollInterval?: Duration | undefined;
  /** Keys of messages that were handled before. */
  readonly excludeKeys?: Iterable<string> | undefined;
  /** Whose messages. Default: those of the surrounding flow run. */
  readonly flowRunId?: string | undefined;
}

/** A message that came in. */
export interface ReceivedMessage<T> {
  readonly value: T;
  readonly key: string;
  /** Id of the flow run that sent it; undefined when none did. */
  readonly sender: string | undefined;
  /** Sends an answer to the flow run that sent the message. */
  respond(value: unknown, options?: Omit<SendOptions, 'to'>): Promise<void>;
}

/** Sends a message to a flow run. See `send` of the package's root. */
export async function sendMessage(value: unknown, { to, kind, keyPrefix }: SendOptions): Promise<void> {
  const plain = kind === undefined ? plainKindOf(value) : undefined;
  if (plain === undefined && kind === undefined && keyPrefix === undefined) {
    throw new ConfigurationError('A message that is an object needs a kind.', {
      hint: "For example: send({ text: 'hi' }, { to, kind: 'Greeting' }); in Python Greeting is a subclass of RunInput.",
    });
  }
  const { flow } = currentContext();
  await currentSession().client.call('POST /flow_runs/{id}/input', {
    path: { id: to },
    body: {
      key: `${keyPrefix ?? prefixOf(plain ?? kind ?? '')}-${uuid4()}`,
      value: JSON.stringify(plain === undefined ? value : { value }),
      sender: flow ? `prefect.flow-run.${flow.run.id}` : null,
    },
  });
}

/** Gives the messages of a flow run as they come. See `receive` of the package's root. */
export async function* receiveMessages<S extends StandardSchemaV1>(
  schema: S,
  options: ReceiveOptions = {},
): AsyncGenerator<ReceivedMessage<StandardSchemaV1.InferOutput<S>>> {
  const session = currentSession();
  const { flow, task } = currentContext();
  const id = options.flowRunId ?? flow?.run.id;
  if (id === undefined) {
    throw new MissingContextError('There is no flow run here whose messages could be received.', {
      hint: 'Call receive() inside a flow, or give it a flowRunId.',
    });
  }
  const { prefix, wrapped } = expected(schema, options);
  const seconds = toSeconds(options.timeout ?? '1h');
  const poll = toSeconds(options.pollInterval ?? 10);
  const seen = [...(options.excludeKeys ?? [])];
  for (;;) {
    const message = await nextMessage(session, id, { prefix, seen, seconds, poll, node: (task ?? flow ?? session).node });
    if (!message) {
      if (!options.throwOnTimeout) return;
      throw new WaitTimeout(`Flow run ${id} received no message within ${seconds} seconds.`);
    }
    seen.push(message.key);
    const value = wrapped ? (message.value as { value?: unknown } | null)?.value : message.value;
    const sender = message.sender?.replace('prefect.flow-run.', '');
    yield {
      value: (await checkValue(schema, value, `The message ${message.key}`)) as StandardSchemaV1.InferOutput<S>,
      key: message.key,
      sender,
      respond: (answer, more) => {
        if (sender) return sendMessage(answer, { ...more, to: sender });
        throw new ConfigurationError(`The message ${message.key} was not sent by a flow run, so it cannot be answered.`);
      },
    };
  }
}

interface Expectation {
  readonly prefix: string;
  readonly seen: readonly string[];
  readonly seconds: number;
  readonly poll: number;
  readonly node: Session['node'];
}

const SHORTEST_LOOK_SECONDS = 0.25;

/** Looks often at first, for conversations between runs, and then ever less. */
async function nextMessage({ client }: Session, id: string, { prefix, seen, seconds, poll, node }: Expectation) {
  let look = Math.min(SHORTEST_LOOK_SECONDS, poll);
  for (const deadline = Date.now() + seconds * 1000; ; look = Math.min(look * 1.5, poll)) {
    const [message] = await client.call('POST /flow_runs/{id}/input/filter', {
      path: { id },
      body: { prefix, limit: 1, exclude_keys: [...seen] },
    });
    if (message) return { ...message, value: JSON.parse(message.value) as unknown };
    const left = deadline - Date.now();
    if (left <= 0) return undefined;
    await wait(Math.min(look * 1000, left), node);
  }
}

/** How Python calls plain values that are sent without a class of their own. */
const PLAIN_KINDS: Readonly<Record<string, string>> = {
  integer: 'int',
  number: 'float',
  string: 'str',
  boolean: 'bool',
  array: 'list',
};

function expected(schema: StandardSchemaV1, { kind, keyPrefix }: ReceiveOptions): { prefix: string; wrapped: boolean } {
  const { type, title } = (jsonSchemaOf(schema) ?? {}) as { type?: string; title?: string };
  const plain = kind === undefined && type !== undefined ? PLAIN_KINDS[type] : undefined;
  const named = kind ?? (plain ? automatic(plain) : title);
  if (named === undefined && keyPrefix === undefined) {
    throw new ConfigurationError('It is not known which messages to receive.', {
      hint: "Name them: receive(schema, { kind: 'Greeting' }), or give the schema a title.",
    });
  }
  return { prefix: keyPrefix ?? prefixOf(named ?? ''), wrapped: plain !== undefined };
}

function plainKindOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return automatic('list');
  if (typeof value === 'number') return automatic(Number.isInteger(value) ? 'int' : 'float');
  if (typeof value === 'string') return automatic('str');
  return typeof value === 'boolean' ? automatic('bool') : undefined;
}

function automatic(type: string): string {
  return `${type}AutomaticRunInput`;
}

function prefixOf(kind: string): string {
  return `${kind.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}-auto`;
}
