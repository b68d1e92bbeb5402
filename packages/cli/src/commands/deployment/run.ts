import type { DeploymentResponse, FlowRunResponse } from '@prefect-ts/protocol';
import { command, decimal, flag, many, optionalArgument, text, uuid, value } from '../../command.ts';
import { CommandError, UsageError } from '../../errors.ts';
import { dashboardLink } from '../../links.ts';
import { readJobVariables, readJsonObject, readPairs } from '../../pairs.ts';
import type { Session } from '../../session.ts';
import { describeDistance, localTime } from '../../terminal/time.ts';
import { followFlowRun } from '../follow-run.ts';
import { findDeployment, findDeploymentById, fullName } from './find.ts';
import { readStart } from './start-time.ts';

export const run = command({
  summary: 'Start a run of a deployment',
  arguments: { name: optionalArgument('FLOW_NAME/DEPLOYMENT_NAME') },
  options: {
    id: value('--id <id>', 'Id of the deployment, in place of its name', uuid),
    jobVariable: many('--job-variable <name=value>', 'Set a job variable; may repeat'),
    param: many('-p, --param <name=value>', 'Set a parameter; the value is read as JSON where it is JSON; may repeat'),
    params: text('--params <json>', 'Set parameters by a JSON object; - reads it from stdin'),
    startIn: text('--start-in <duration>', "Start after so long: '10 minutes', '1h 30m'"),
    startAt: text('--start-at <time>', "Start at a time: '2030-01-31 14:00', '14:30'"),
    tag: many('--tag <tag>', 'Add a tag; may repeat'),
    watch: flag('--watch', 'Follow the run until it is over'),
    watchInterval: value('--watch-interval <seconds>', 'How often to look while no events arrive', decimal),
    watchTimeout: value('--watch-timeout <seconds>', 'Stop following after so long', decimal),
    flowRunName: text('--flow-run-name <name>', 'Name of the run; {name} stands for the value of a parameter'),
  },
  async run({ args, options, session }) {
    if ((args.name === undefined) === (options.id === undefined)) throw new UsageError('Give the name of a deployment, or --id.');
    const startAt = readStart(options.startIn, options.startAt);
    const given = await readParameters(options.param, options.params);
    const deployment =
      options.id === undefined ? await findDeployment(session, args.name ?? '') : await findDeploymentById(session, options.id);
    refuseUnknown(deployment, given);
    const name = args.name ?? (await fullName(session, deployment));
    session.out.line(`Creating flow run for deployment '${name}'...`);
    const client = await session.client();
    const flowRun = await client.call('POST /deployments/{id}/create_flow_run', {
      path: { id: deployment.id },
      body: {
        parameters: given,
        state: { type: 'SCHEDULED', name: 'Scheduled', state_details: { scheduled_time: startAt.toISOString() } },
        tags: [...options.tag],
        job_variables: readJobVariables(options.jobVariable),
        ...(options.flowRunName === undefined
          ? {}
          : { name: fillName(options.flowRunName, { ...deployment.parameters, ...given }) }),
      },
    });
    await tellRun(session, flowRun, startAt);
    if (options.watch) {
      await followFlowRun(session, flowRun, { timeoutSeconds: options.watchTimeout, pollSeconds: options.watchInterval });
    }
  },
});

async function readParameters(pairs: readonly string[], params: string | undefined): Promise<Record<string, unknown>> {
  if (params === undefined) return readPairs(pairs, '--param');
  const json = params === '-' ? await readStdin() : params;
  return { ...readJsonObject(json, '--params'), ...readPairs(pairs, '--param') };
}

async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += chunk;
  return text;
}

function refuseUnknown(deployment: DeploymentResponse, given: Record<string, unknown>): void {
  const properties = deployment.enforce_parameter_schema && deployment.parameter_openapi_schema?.properties;
  if (typeof properties !== 'object' || properties === null) return;
  const known = Object.keys(properties);
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new CommandError(
    `The following parameters were specified but not found on the deployment: ${quoted(unknown)}`,
    `The following parameters are available on the deployment: ${known.length > 0 ? quoted(known) : 'none'}`,
  );
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}

function fillName(template: string, parameters: Readonly<Record<string, unknown>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name in parameters) return String(parameters[name]);
    throw new CommandError(`The name of the run refers to '${name}', which is not a parameter of this run.`);
  });
}

async function tellRun(session: Session, run: FlowRunResponse, startAt: Date): Promise<void> {
  const { out } = session;
  const time = startAt.toISOString();
  const distance = Math.abs(startAt.getTime() - Date.now()) < 5000 ? 'now' : describeDistance(time);
  const url = await dashboardLink(session, `/runs/flow-run/${run.id}`);
  out.line(out.colors.green(`Created flow run '${run.name}'.`));
  out.line(`└── UUID: ${run.id}`);
  out.line(`└── Parameters: ${JSON.stringify(run.parameters)}`);
  out.line(`└── Job Variables: ${JSON.stringify(run.job_variables ?? {})}`);
  out.line(`└── Scheduled start time: ${localTime(time)} (${distance})`);
  if (url) out.line(`└── URL: ${url}`);
}
