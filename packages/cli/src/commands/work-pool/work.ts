import { orMissing, seeList } from '../../answers.ts';
import { argument, command, decimal, optionalArgument, output, text, value } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import { tellSlots, tellUpcoming } from '../upcoming.ts';

export const preview = command({
  summary: 'List the runs that a work pool will start next',
  arguments: { pool: optionalArgument('Name of the work pool') },
  options: {
    name: text('--name <name>', 'Name of the work pool, in place of the argument'),
    hours: value('-h, --hours <n>', 'How far to look ahead (default: 1)', decimal),
    output: output(),
  },
  async run({ args, options, session }) {
    const name = args.pool ?? options.name;
    if (name === undefined) throw new UsageError('The name of the work pool is missing.');
    const client = await session.client();
    const until = new Date(Date.now() + (options.hours ?? 1) * 3_600_000).toISOString();
    const answers = await orMissing(
      client.call('POST /work_pools/{name}/get_scheduled_flow_runs', { path: { name }, body: { scheduled_before: until } }),
      `Work pool '${name}' not found!`,
      seeList('work-pool'),
    );
    tellUpcoming(
      session.out,
      answers.map(({ flow_run }) => flow_run),
      options.output,
    );
  },
});

export const slots = command({
  summary: 'Show which runs take the slots of a work pool',
  arguments: { name: argument('Name of the work pool') },
  options: { output: output() },
  async run({ args: { name }, options, session }) {
    const client = await session.client();
    const status = await orMissing(
      client.call('POST /work_pools/{name}/concurrency_status', { path: { name }, body: {} }),
      `Work pool '${name}' not found!`,
      seeList('work-pool'),
    );
    if (options.output) return session.out.json(status);
    session.out.line(`Work Pool: ${name}`);
    tellSlots(session.out, status);
  },
});
