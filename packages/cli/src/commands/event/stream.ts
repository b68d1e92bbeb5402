import { appendFile } from 'node:fs/promises';
import type { ReceivedEvent } from '@prefect-ts/protocol';
import { choice, command, flag, text, withDefault } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { localTime } from '../../terminal/time.ts';

export const stream = command({
  summary: 'Print events as they happen, until it is told to end',
  options: {
    format: withDefault(choice('--format <format>', 'How events are printed', ['json', 'text'] as const), 'json'),
    outputFile: text('--output-file <file>', 'Add them to this file instead'),
    account: flag('--account', 'Accepted for scripts; there are no accounts'),
    runOnce: flag('--run-once', 'End after the first event'),
  },
  async run({ options, session }) {
    const print = async (event: ReceivedEvent) => {
      const line = options.format === 'json' ? JSON.stringify(event) : describe(event);
      if (options.outputFile === undefined) session.out.line(line);
      else await write(options.outputFile, `${line}\n`);
    };
    if (options.outputFile !== undefined) await write(options.outputFile, '');
    await followEvents(session, print, options.runOnce);
  },
});

/** Hands on each event from now on, over lost connections too, until a signal ends it. */
async function followEvents(session: Session, print: (event: ReceivedEvent) => Promise<void>, once: boolean): Promise<void> {
  const { subscribeToRunEvents } = await import('prefect-ts/runner');
  const client = await session.client();
  // Says at once what stands in the way; the subscription itself is patient.
  await client.call('GET /admin/version');
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  let printing = Promise.resolve();
  let [listening, over] = [false, false];
  const events = subscribeToRunEvents({
    client,
    events: ['*'],
    since: new Date(),
    onEvent: (event) => {
      if (over) return;
      over = once;
      printing = printing.then(() => print(event)).then(once ? () => end() : undefined);
      printing.catch(fail);
    },
    onReady: () => {
      if (!listening) session.out.warn('Listening for events; Ctrl-C ends it.');
      listening = true;
    },
  });
  const onSignal = () => end();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  try {
    await ended;
    await printing;
  } finally {
    events.close();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

async function write(file: string, content: string): Promise<void> {
  try {
    await appendFile(file, content);
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${error instanceof Error ? error.message : error}`);
  }
}

function describe({ occurred, event, resource }: ReceivedEvent): string {
  return `${localTime(occurred)}  ${event}  ${resource['prefect.resource.id']}`;
}
