import type { Task } from 'prefect-ts';
import { command, many, optionalArguments, positive, value, withDefault } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { useSettings } from '../user-code.ts';

type AnyTask = Task<unknown, unknown>;

export const serve = command({
  summary: 'Run, in this process, what is asked of tasks from elsewhere',
  arguments: { entrypoints: optionalArguments('Where tasks are: path/to/file:task, or a file for all it exports') },
  options: {
    entrypoints: many('--entrypoints <entrypoint>', 'The same as an option; may repeat'),
    module: many('-m, --module <name>', 'Serve all tasks that a package exports; may repeat'),
    limit: withDefault(value('--limit <n>', 'How many runs at once', positive), 10),
  },
  async run({ args, options, session }) {
    const entrypoints = [...(args.entrypoints ?? []), ...options.entrypoints];
    if (entrypoints.length + options.module.length === 0) throw new UsageError('Give an entrypoint or --module.');
    await useSettings(session);
    const modules = options.module.map(async (name) => [...(await tasksOf(name)).values()]);
    const tasks = [...new Set((await Promise.all([...entrypoints.map(loadTasks), ...modules])).flat())];
    const { serveTasks } = await import('prefect-ts');
    session.out.line(session.out.colors.green(`Serving ${tasks.length} task${tasks.length === 1 ? '' : 's'}:`));
    for (const { name } of tasks) session.out.line(`  ${name}`);
    await serveTasks(tasks, { limit: options.limit });
  },
});

async function loadTasks(entrypoint: string): Promise<AnyTask[]> {
  const { splitEntrypoint } = await import('prefect-ts/runner');
  const { path, name } = splitEntrypoint(entrypoint);
  if (path.endsWith('.py'))
    throw new CommandError(`${path} is Python.`, 'Serve it with the `prefect` command of its own Python.');
  const tasks = await tasksOf(path);
  if (name === '') return [...tasks.values()];
  const task = tasks.get(name);
  if (task) return [task];
  throw new CommandError(
    `${path} has no task "${name}".`,
    `It exports ${[...tasks.keys()].map((each) => `${path}:${each}`).join(', ')}.`,
  );
}

async function tasksOf(path: string): Promise<Map<string, AnyTask>> {
  const { importModule, tasksIn } = await import('prefect-ts/entrypoints');
  const tasks = tasksIn(await importModule(path, process.cwd()));
  if (tasks.size === 0) throw new CommandError(`${path} exports no task.`, 'Write: export const resize = task(…)');
  return tasks;
}
