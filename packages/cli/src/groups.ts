import type { Command, Group } from './command.ts';

/** A word after `prefect`; its code is loaded when the word is used. */
export interface Entry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  load(): Promise<Command | Group>;
}

/** Everything that `prefect --help` lists, in its order. */
export const ENTRIES: readonly Entry[] = [
  entry('server', 'Start, stop and look at a server', async () => (await import('./commands/server/index.ts')).server),
  entry('init', 'Begin a project: write its prefect.yaml', async () => (await import('./commands/init.ts')).init),
  entry('deploy', 'Make deployments from flows', async () => (await import('./commands/deploy/index.ts')).deploy),
  entry(
    'deployment',
    'Run deployments and set their schedules',
    async () => (await import('./commands/deployment/index.ts')).deployment,
    'deployments',
  ),
  entry('flow', 'List and serve flows', async () => (await import('./commands/flow/index.ts')).flow, 'flows'),
  entry(
    'flow-run',
    'Look at, follow, cancel and retry flow runs',
    async () => (await import('./commands/flow-run/index.ts')).flowRun,
    'flow-runs',
  ),
  entry('task-run', 'Look at task runs', async () => (await import('./commands/task-run/index.ts')).taskRun, 'task-runs'),
  entry('worker', 'Start a worker', async () => (await import('./commands/worker/index.ts')).worker, 'workers'),
  entry(
    'work-pool',
    'Set up where runs are started',
    async () => (await import('./commands/work-pool/index.ts')).workPool,
    'work-pools',
  ),
  entry(
    'work-queue',
    'Set up the queues of work pools',
    async () => (await import('./commands/work-queue/index.ts')).workQueue,
    'work-queues',
  ),
  entry(
    'variable',
    'Keep values for flows to read',
    async () => (await import('./commands/variable/index.ts')).variable,
    'variables',
  ),
  entry(
    'block',
    'Keep settings and secrets under a name',
    async () => (await import('./commands/block/index.ts')).block,
    'blocks',
  ),
  entry(
    'concurrency-limit',
    'Limit how many tasks with a tag run at once',
    async () => (await import('./commands/concurrency-limit/index.ts')).concurrencyLimit,
    'concurrency-limits',
  ),
  entry(
    'global-concurrency-limit',
    'Limit how much of anything goes on at once',
    async () => (await import('./commands/global-concurrency-limit/index.ts')).globalConcurrencyLimit,
    'gcl',
    'global-concurrency-limits',
  ),
  entry(
    'artifact',
    'Look at what runs have published',
    async () => (await import('./commands/artifact/index.ts')).artifact,
    'artifacts',
  ),
  entry(
    'automation',
    'Let the server act on events',
    async () => (await import('./commands/automation/index.ts')).automation,
    'automations',
  ),
  entry('event', 'Watch and send events', async () => (await import('./commands/event/index.ts')).event, 'events'),
  entry('task', 'Serve tasks', async () => (await import('./commands/task/index.ts')).task, 'tasks'),
  entry('config', 'See and change settings', async () => (await import('./commands/config/index.ts')).config),
  entry('profile', 'Keep sets of settings', async () => (await import('./commands/profile/index.ts')).profile, 'profiles'),
  entry('dashboard', 'Open the dashboard', async () => (await import('./commands/dashboard.ts')).dashboard),
  entry('api', 'Call any endpoint of the API', async () => (await import('./commands/api.ts')).api),
  entry('version', 'Show versions', async () => (await import('./commands/version.ts')).version),
];

/** Words of Prefect that are not here, with what to do in their place. */
export const ABSENT: Readonly<Record<string, string>> = {
  cloud: 'There are no accounts; set PREFECT_API_URL to the server to use.',
  shell: 'Run the command in a flow of your own, and serve that with `prefect flow serve`.',
  sdk: 'Flows and deployments are typed by the code that defines them; see `runDeployment` of prefect-ts/deployments.',
  transfer: 'Read from one server and write to the other with `prefect api`, or move the database as a whole.',
  experimental: 'Nothing here is experimental; see `prefect --help`.',
  plugins: 'There are no plugins.',
  dev: 'See CONTRIBUTING.md for how to work on prefect-ts itself.',
};

export function findEntry(word: string): Entry | undefined {
  return ENTRIES.find((entry) => entry.name === word || entry.aliases.includes(word));
}

function entry(name: string, summary: string, load: Entry['load'], ...aliases: readonly string[]): Entry {
  return { name, summary, load, aliases };
}
