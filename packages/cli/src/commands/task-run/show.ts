import { orMissing, readPages, seeList } from '../../answers.ts';
import { argument, command, flag, many, output, positive, uuid, value, withDefault } from '../../command.ts';
import { dashboardLink, openInBrowser } from '../../links.ts';
import { paintState } from '../../terminal/states.ts';
import { describeDistance } from '../../terminal/time.ts';
import { logOptions, tellLogs } from '../logs.ts';
import { stateFilter, stateOptions } from '../state-filter.ts';

export const ls = command({
  summary: 'List task runs, those that start last first',
  options: {
    taskRunName: many('--task-run-name <name>', 'Only runs of this name; may repeat'),
    limit: withDefault(value('--limit <n>', 'How many to list', positive), 15),
    ...stateOptions,
    output: output(),
  },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const names = options.taskRunName.length > 0 ? { name: { any_: [...options.taskRunName] } } : {};
    const task_runs = { state: stateFilter(options.state, options.stateType), ...names };
    const runs = await readPages(options.limit, (slice) =>
      client.call('POST /task_runs/filter', { body: { ...slice, sort: 'EXPECTED_START_TIME_DESC', task_runs } }),
    );
    if (options.output) return out.json(runs);
    if (runs.length === 0) return out.line('No task runs found.');
    out.table(runs, [
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Task', cell: ({ task_key }) => task_key },
      { title: 'Name', cell: ({ name }) => name },
      {
        title: 'State',
        cell: ({ state_name }) => state_name,
        paint: (text, { state_type }) => paintState(out, state_type, text),
      },
      { title: 'When', cell: (run) => describeDistance(run.end_time ?? run.start_time ?? run.expected_start_time) },
    ]);
  },
});

export const inspect = command({
  summary: 'Show all that is known about a task run',
  arguments: { id: argument('Id of the task run', uuid) },
  options: { web: flag('--web', 'Open it in the dashboard'), output: output() },
  async run({ args: { id }, options, session }) {
    const client = await session.client();
    const run = await orMissing(
      client.call('GET /task_runs/{id}', { path: { id } }),
      `Task run '${id}' not found!`,
      seeList('task-run'),
    );
    const url = options.web ? await dashboardLink(session, `/runs/task-run/${id}`) : undefined;
    if (url) {
      session.out.line(url);
      await openInBrowser(url);
    } else if (options.output) session.out.json(run);
    else await session.out.object(run);
  },
});

export const logs = command({
  summary: 'Print the logs of a task run',
  arguments: { id: argument('Id of the task run', uuid) },
  options: logOptions,
  async run({ args: { id }, options, session }) {
    const client = await session.client();
    const run = await orMissing(
      client.call('GET /task_runs/{id}', { path: { id } }),
      `Task run '${id}' not found!`,
      seeList('task-run'),
    );
    await tellLogs(session, { task_run_id: { any_: [id] } }, options, `Task run '${run.name}'`);
  },
});
