import type { AppliedProject, ProjectDeployment } from '@prefect-ts/worker';
import { choice, command, flag, integer, many, optionalArgument, text, toggle, value, withDefault } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import { dashboardLink } from '../../links.ts';
import type { Session } from '../../session.ts';
import { readOverrides } from './overrides.ts';

export const deploy = command({
  summary: 'Make deployments of flows, from options or from prefect.yaml',
  arguments: { entrypoint: optionalArgument('Where the flow is: path/to/file:flow') },
  options: {
    name: many('-n, --name <name>', 'Name of the deployment; patterns choose from the file; may repeat'),
    description: text('-d, --description <text>', 'What it is for'),
    versionType: text('--version-type <type>', 'Where its version comes from'),
    version: text('--version <version>', 'Its version'),
    tag: many('-t, --tag <tag>', 'Add a tag; may repeat'),
    concurrencyLimit: value('--concurrency-limit <n>', 'How many of its runs run at once', integer),
    collisionStrategy: choice('--collision-strategy <strategy>', 'What a run above the limit does', [
      'ENQUEUE',
      'CANCEL_NEW',
    ] as const),
    pool: text('-p, --pool <name>', 'Work pool that starts its runs'),
    workQueue: text('-q, --work-queue <name>', 'Queue of the work pool'),
    jobVariable: many('--job-variable <name=value>', 'Set a job variable, or several by JSON; may repeat'),
    cron: many('--cron <expression>', 'Run it by a cron expression; may repeat'),
    interval: many('--interval <seconds>', 'Run it every so many seconds; may repeat'),
    anchorDate: text('--anchor-date <date>', 'Date that intervals are counted from'),
    rrule: many('--rrule <rule>', 'Run it by a recurrence rule; may repeat'),
    timezone: text('--timezone <zone>', 'Time zone of its schedules'),
    trigger: many('--trigger <json|file>', 'Run it on events; may repeat'),
    param: many('--param <name=value>', 'Set a parameter; may repeat'),
    params: text('--params <json>', 'Set parameters by a JSON object'),
    enforceParameterSchema: toggle('enforce-parameter-schema', 'Check parameters of its runs'),
    all: flag('--all', 'Every deployment of the file'),
    prefectFile: withDefault(text('--prefect-file <file>', 'File with deployments'), 'prefect.yaml'),
    sla: many('--sla <json>', 'Not offered'),
  },
  async run({ args, options, session }) {
    if (options.sla.length > 0)
      throw new CommandError('SLAs are not offered by this server.', 'Leave out --sla; automations can watch for late runs.');
    const overrides = await readOverrides(args.entrypoint, options);
    const { applyProject } = await import('@prefect-ts/worker');
    const settings = await session.settings();
    const defaultWorkPool = settings.get('PREFECT_DEPLOYMENTS_DEFAULT_WORK_POOL_NAME') ?? undefined;
    const applied = await applyProject({
      client: await session.client(),
      names: options.name,
      all: options.all,
      file: options.prefectFile,
      overrides,
      defaultWorkPool,
      env: { ...process.env, ...settings.toEnvironment() },
      print: (text) => process.stderr.write(text),
    });
    tellLeftOut(session, applied);
    for (const deployment of applied.deployments) await tellDeployment(session, deployment);
    await tellNextSteps(session, applied.deployments);
  },
});

function tellLeftOut({ out }: Session, { deployments, unknown, problems }: AppliedProject): void {
  for (const { deployment, fields } of problems)
    out.warn(`Deployment '${deployment}' is left out: ${fields.join(', ')} cannot be read.`);
  if (unknown.length > 0) {
    out.warn(`The following deployment(s) could not be found and will not be deployed: ${unknown.join(', ')}`);
  }
  if (deployments.length === 0) {
    throw new CommandError(
      'Nothing was deployed.',
      'Give an entrypoint such as flows/etl.ts:etl with --name, or name a deployment of prefect.yaml.',
    );
  }
}

async function tellDeployment(session: Session, { created, fullName, id }: ProjectDeployment): Promise<void> {
  const { out } = session;
  out.line(out.colors.green(`Deployment '${fullName}' successfully ${created ? 'created' : 'updated'} with id '${id}'.`));
  const url = await dashboardLink(session, `/deployments/deployment/${id}`);
  if (url) out.line(`\nView Deployment in UI: ${url}\n`);
}

async function tellNextSteps(session: Session, deployments: readonly ProjectDeployment[]): Promise<void> {
  const { out } = session;
  for (const pool of new Set(deployments.map(({ workPool }) => workPool))) {
    if (!(await lacksWorker(session, pool))) continue;
    out.line(
      `To execute flow runs from these deployments, start a worker in a separate terminal that pulls work from the '${pool}' work pool:\n`,
    );
    out.line(`\t$ ${out.colors.cyan(`prefect worker start --pool '${pool}'`)}\n`);
  }
  const [first] = deployments;
  if (!first) return;
  out.line('To schedule a run for this deployment, use the following command:\n');
  out.line(`\t$ ${out.colors.cyan(`prefect deployment run '${first.fullName}'`)}\n`);
}

async function lacksWorker(session: Session, pool: string): Promise<boolean> {
  const client = await session.client();
  const { type } = await client.call('GET /work_pools/{name}', { path: { name: pool } });
  if (/:(push|managed)$/.test(type)) return false;
  const workers = await client.call('POST /work_pools/{work_pool_name}/workers/filter', {
    path: { work_pool_name: pool },
    body: {},
  });
  return !workers.some(({ status }) => status === 'ONLINE');
}
