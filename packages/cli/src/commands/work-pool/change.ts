import type { WorkPoolUpdate } from '@prefect-ts/protocol';
import { orMissing, seeList } from '../../answers.ts';
import { argument, command, integer, text, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { readJsonFile } from '../../files.ts';
import type { Session } from '../../session.ts';

const name = argument('Name of the work pool');

export const pause = command({
  summary: 'Start no more runs from a work pool',
  arguments: { name },
  run: ({ args, session }) => change(session, args.name, { is_paused: true }, `Paused work pool '${args.name}'`),
});

export const resume = command({
  summary: 'Start runs from a paused work pool again',
  arguments: { name },
  run: ({ args, session }) => change(session, args.name, { is_paused: false }, `Resumed work pool '${args.name}'`),
});

export const setConcurrencyLimit = command({
  summary: 'Set how many runs of a work pool run at once',
  arguments: { name, concurrencyLimit: argument('Number of runs', limit) },
  run: ({ args, session }) =>
    change(
      session,
      args.name,
      { concurrency_limit: args.concurrencyLimit },
      `Set concurrency limit for work pool '${args.name}' to ${args.concurrencyLimit}`,
    ),
});

export const clearConcurrencyLimit = command({
  summary: 'Let any number of runs of a work pool run at once',
  arguments: { name },
  run: ({ args, session }) =>
    change(session, args.name, { concurrency_limit: null }, `Cleared concurrency limit for work pool '${args.name}'`),
});

export const update = command({
  summary: 'Change a work pool',
  arguments: { name },
  options: {
    baseJobTemplate: text('--base-job-template <file>', 'JSON file with the base job template'),
    concurrencyLimit: value('--concurrency-limit <n>', 'Number of runs that run at once', limit),
    description: text('--description <text>', 'What the pool is for'),
  },
  async run({ args, options, session }) {
    const changes: WorkPoolUpdate = {
      ...(options.baseJobTemplate === undefined ? {} : { base_job_template: await readJsonFile(options.baseJobTemplate) }),
      ...(options.concurrencyLimit === undefined ? {} : { concurrency_limit: options.concurrencyLimit }),
      ...(options.description === undefined ? {} : { description: options.description }),
    };
    if (Object.keys(changes).length === 0) {
      throw new CommandError('Nothing to update.', 'Give --base-job-template, --concurrency-limit or --description.');
    }
    await change(session, args.name, changes, `Updated work pool '${args.name}'`);
  },
});

async function change(session: Session, name: string, body: WorkPoolUpdate, done: string): Promise<void> {
  const client = await session.client();
  await orMissing(
    client.call('PATCH /work_pools/{name}', { path: { name }, body }),
    `Work pool '${name}' not found!`,
    seeList('work-pool'),
  );
  session.out.line(session.out.colors.green(done));
}

function limit(text: string): number {
  const number = integer(text);
  if (number < 0) throw new UsageError('A concurrency limit must not be negative.');
  return number;
}
