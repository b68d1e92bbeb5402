import type { DeploymentResponse } from '@prefect-ts/protocol';
import { readPages } from '../../answers.ts';
import { argument, command, flag, many, output } from '../../command.ts';
import type { Session } from '../../session.ts';
import { findDeployment } from './find.ts';

export const ls = command({
  summary: 'List deployments',
  options: {
    flowName: many('--flow-name, --flow_name <name>', 'Only deployments of this flow; may repeat'),
    byCreated: flag('--by-created', 'Newest first'),
    output: output(),
  },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const flows = options.flowName.length > 0 ? { flows: { name: { any_: [...options.flowName] } } } : {};
    const deployments = await readPages(Number.POSITIVE_INFINITY, (slice) =>
      client.call('POST /deployments/filter', { body: { ...slice, ...flows, sort: 'NAME_ASC' } }),
    );
    const names = await flowNames(session, deployments);
    const nameOf = ({ flow_id, name }: DeploymentResponse) => `${names.get(flow_id) ?? '?'}/${name}`;
    deployments.sort((left, right) =>
      options.byCreated ? (right.created ?? '').localeCompare(left.created ?? '') : nameOf(left).localeCompare(nameOf(right)),
    );
    if (options.output) return out.json(deployments);
    if (deployments.length === 0) return out.line('No deployments found. Make one with `prefect deploy`.');
    out.table(deployments, [
      { title: 'Name', cell: nameOf, paint: (text) => out.colors.blue(text) },
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Work Pool', cell: ({ work_pool_name }) => work_pool_name },
    ]);
  },
});

export const inspect = command({
  summary: 'Show all that is known about a deployment',
  arguments: { name: argument('FLOW_NAME/DEPLOYMENT_NAME') },
  options: { output: output() },
  async run({ args, options, session }) {
    const deployment = await findDeployment(session, args.name);
    if (options.output) return session.out.json(deployment);
    await session.out.object(deployment);
  },
});

async function flowNames(session: Session, deployments: readonly DeploymentResponse[]): Promise<Map<string, string>> {
  const client = await session.client();
  const ids = [...new Set(deployments.map(({ flow_id }) => flow_id))];
  const flows = await readPages(ids.length, (slice) =>
    client.call('POST /flows/filter', { body: { ...slice, flows: { id: { any_: ids } } } }),
  );
  return new Map(flows.map(({ id, name }) => [id, name]));
}
