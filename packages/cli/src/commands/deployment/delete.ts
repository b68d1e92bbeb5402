import { readPages } from '../../answers.ts';
import { command, flag, optionalArgument, uuid, value } from '../../command.ts';
import { UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { confirm } from '../../terminal/confirm.ts';
import { findDeployment, findDeploymentById } from './find.ts';

export const deleteDeployment = command({
  summary: 'Delete a deployment',
  arguments: { name: optionalArgument('FLOW_NAME/DEPLOYMENT_NAME') },
  options: {
    id: value('--id <id>', 'Id of the deployment, in place of its name', uuid),
    all: flag('--all', 'Delete every deployment'),
  },
  async run({ args: { name }, options: { id, all }, session }) {
    if ([name !== undefined, id !== undefined, all].filter(Boolean).length !== 1) {
      throw new UsageError('Give one of: a name, --id, --all.');
    }
    if (all) return deleteAll(session);
    const deployment = id === undefined ? await findDeployment(session, name ?? '') : await findDeploymentById(session, id);
    await confirm(session, `Delete deployment '${name ?? deployment.name}'?`);
    const client = await session.client();
    await client.call('DELETE /deployments/{id}', { path: { id: deployment.id } });
    session.out.line(session.out.colors.green(`Deleted deployment '${name ?? id}'.`));
  },
});

async function deleteAll(session: Session): Promise<void> {
  const client = await session.client();
  const deployments = await readPages(Number.POSITIVE_INFINITY, (slice) =>
    client.call('POST /deployments/filter', { body: slice }),
  );
  if (deployments.length === 0) return session.out.line('No deployments found.');
  await confirm(session, `Delete all ${deployments.length} deployments?`);
  for (const { id } of deployments) await client.call('DELETE /deployments/{id}', { path: { id } });
  session.out.line(session.out.colors.green(`Deleted ${deployments.length} deployment${deployments.length === 1 ? '' : 's'}.`));
}
