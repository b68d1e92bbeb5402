import type { DeploymentScheduleCreate } from '@prefect-ts/protocol';
import { argument, command, integer, many, needed, positive, text, toggle, value } from '../../command.ts';
import { dashboardLink } from '../../links.ts';
import type { Session } from '../../session.ts';
import { readSchedule } from '../schedule-options.ts';

export const serve = command({
  summary: 'Make a deployment of a flow and run what is asked of it, in this process',
  arguments: { entrypoint: argument('Where the flow is: path/to/file:flow') },
  options: {
    name: needed(text('-n, --name <name>', 'Name of the deployment')),
    description: text('-d, --description <text>', 'What it is for'),
    version: text('-v, --version <version>', 'Its version'),
    tag: many('-t, --tag <tag>', 'Add a tag; may repeat'),
    cron: text('--cron <expression>', 'Run it by a cron expression'),
    interval: value('--interval <seconds>', 'Run it every so many seconds', positive),
    anchorDate: text('--anchor-date <date>', 'Date that intervals are counted from'),
    rrule: text('--rrule <rule>', 'Run it by a recurrence rule'),
    timezone: text('--timezone <zone>', 'Time zone of the schedule'),
    pauseOnShutdown: toggle('pause-on-shutdown', 'Let its schedules rest while nobody serves it', true),
    limit: value('--limit <n>', 'How many of its runs run at once here', positive),
    globalLimit: value('--global-limit <n>', 'How many of its runs run at once anywhere', integer),
  },
  async run({ args: { entrypoint }, options, session }) {
    const schedules = readSchedules(options);
    const { describeFlow } = await import('@prefect-ts/worker');
    const { applyDeployment } = await import('prefect-ts/deployments');
    const { startRunner } = await import('prefect-ts/runner');
    const settings = await session.settings();
    const client = await session.client();
    const directory = process.cwd();
    const environment = { ...settings.toEnvironment(), PREFECT_API_URL: client.apiUrl };
    const flow = await describeFlow(entrypoint, directory, { ...process.env, ...environment });
    const version = options.version ?? flow.version;
    const { id } = await applyDeployment(client, {
      flowName: flow.name,
      name: options.name,
      triggers: [],
      fields: {
        entrypoint,
        path: directory,
        work_pool_name: null,
        paused: false,
        description: options.description ?? flow.description,
        tags: [...options.tag],
        schedules,
        concurrency_limit: options.globalLimit ?? null,
        parameter_openapi_schema: flow.parameterSchema ?? { title: 'Parameters', type: 'object', properties: {} },
        enforce_parameter_schema: flow.parameterSchema !== null,
        ...(version === null ? {} : { version }),
      },
    });
    const runner = await startRunner({
      client,
      deployments: [{ id, name: options.name, entrypoint, directory }],
      limit: options.limit ?? settings.get('PREFECT_RUNNER_PROCESS_LIMIT'),
      querySeconds: settings.get('PREFECT_RUNNER_POLL_FREQUENCY'),
      pauseOnShutdown: options.pauseOnShutdown,
      settings: environment,
    });
    const forgetSignals = onSignals((first) => void (first ? runner.stop() : runner.kill()));
    await tellServing(session, flow.name, options.name, id);
    await runner.ended.finally(forgetSignals);
  },
});

interface ServeSchedule {
  readonly cron: string | undefined;
  readonly interval: number | undefined;
  readonly anchorDate: string | undefined;
  readonly rrule: string | undefined;
  readonly timezone: string | undefined;
}

function readSchedules(options: ServeSchedule): DeploymentScheduleCreate[] {
  const { cron, interval, rrule } = options;
  if (cron === undefined && interval === undefined && rrule === undefined) return [];
  return [{ active: true, schedule: readSchedule(options) }];
}

async function tellServing(session: Session, flow: string, name: string, id: string): Promise<void> {
  const { out } = session;
  out.line(out.colors.green(`Your flow '${flow}' is being served and polling for scheduled runs!\n`));
  out.line('To trigger a run for this flow, use the following command:\n');
  out.line(`\t$ ${out.colors.cyan(`prefect deployment run '${flow}/${name}'`)}\n`);
  const url = await dashboardLink(session, `/deployments/deployment/${id}`);
  if (url) out.line(`You can also run your flow via the Prefect UI: ${url}\n`);
}

/** Calls for SIGINT and SIGTERM: true for the first, false for each further one. */
function onSignals(stop: (first: boolean) => void): () => void {
  let first = true;
  const onSignal = () => {
    stop(first);
    first = false;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
