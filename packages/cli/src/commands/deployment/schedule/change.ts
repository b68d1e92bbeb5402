import type { DeploymentResponse, DeploymentSchedule } from '@prefect-ts/protocol';
import { readPages } from '../../../answers.ts';
import { argument, command, flag, optionalArgument, text, uuid, value } from '../../../command.ts';
import { CommandError, UsageError } from '../../../errors.ts';
import type { Session } from '../../../session.ts';
import { confirm } from '../../../terminal/confirm.ts';
import { findDeployment } from '../find.ts';

export const deleteSchedule = command({
  summary: 'Delete a schedule of a deployment',
  arguments: { deploymentName: argument('FLOW_NAME/DEPLOYMENT_NAME'), scheduleId: argument('Id of the schedule', uuid) },
  options: { acceptYes: flag('-y, --accept-yes', 'Do not ask') },
  async run({ args, options, session }) {
    const deployment = await findDeployment(session, args.deploymentName);
    const schedule = scheduleOf(deployment, args.scheduleId);
    if (!options.acceptYes) await confirm(session, `Delete schedule '${schedule.id}'?`);
    const client = await session.client();
    await client.call('DELETE /deployments/{id}/schedules/{schedule_id}', {
      path: { id: deployment.id, schedule_id: schedule.id },
    });
    session.out.line(session.out.colors.green(`Deleted deployment schedule ${schedule.id}`));
  },
});

export const clear = command({
  summary: 'Delete all schedules of a deployment',
  arguments: { deploymentName: argument('FLOW_NAME/DEPLOYMENT_NAME') },
  options: { acceptYes: flag('-y, --accept-yes', 'Do not ask') },
  async run({ args: { deploymentName }, options, session }) {
    const deployment = await findDeployment(session, deploymentName);
    const { length } = deployment.schedules;
    if (length > 0 && !options.acceptYes) await confirm(session, `Delete the ${length} schedules of '${deploymentName}'?`);
    const client = await session.client();
    await client.call('PATCH /deployments/{id}', { path: { id: deployment.id }, body: { schedules: [] } });
    session.out.line(session.out.colors.green(`Cleared all schedules for deployment ${deploymentName}`));
  },
});

export const pause = changeActive('pause', false);
export const resume = changeActive('resume', true);

function changeActive(verb: 'pause' | 'resume', active: boolean) {
  return command({
    summary: active ? 'Let a paused schedule start runs again' : 'Let a schedule start no runs',
    arguments: {
      deployment: optionalArgument('FLOW_NAME/DEPLOYMENT_NAME'),
      schedule: optionalArgument('Id of the schedule; without it, the only one'),
    },
    options: {
      deploymentName: text('--deployment-name, --deployment_name <name>', 'In place of the argument'),
      scheduleId: value('--schedule-id, --schedule_id <id>', 'In place of the argument', uuid),
      all: flag('--all', `${active ? 'Resume' : 'Pause'} the schedules of all deployments`),
    },
    async run({ args, options, session }) {
      const name = args.deployment ?? options.deploymentName;
      if (options.all === (name !== undefined))
        throw new UsageError(`Name the deployment whose schedule to ${verb}, or give --all.`);
      const done = active ? 'Resumed' : 'Paused';
      if (name === undefined) {
        const count = await setAll(session, active);
        return session.out.line(session.out.colors.green(`${done} ${count} deployment schedule${count === 1 ? '' : 's'}.`));
      }
      const deployment = await findDeployment(session, name);
      const schedule = scheduleOf(deployment, args.schedule === undefined ? options.scheduleId : uuid(args.schedule));
      await setActive(session, deployment, schedule, active);
      session.out.line(session.out.colors.green(`${done} schedule ${schedule.id} of deployment ${name}`));
    },
  });
}

async function setAll(session: Session, active: boolean): Promise<number> {
  const client = await session.client();
  const deployments = await readPages(Number.POSITIVE_INFINITY, (slice) =>
    client.call('POST /deployments/filter', { body: slice }),
  );
  let count = 0;
  for (const deployment of deployments) {
    for (const schedule of deployment.schedules.filter((each) => each.active !== active)) {
      await setActive(session, deployment, schedule, active);
      count += 1;
    }
  }
  return count;
}

async function setActive(
  session: Session,
  deployment: DeploymentResponse,
  schedule: DeploymentSchedule,
  active: boolean,
): Promise<void> {
  const client = await session.client();
  const path = { id: deployment.id, schedule_id: schedule.id };
  await client.call('PATCH /deployments/{id}/schedules/{schedule_id}', { path, body: { active } });
}

/** The schedule of an id; without an id, the only schedule there is. */
function scheduleOf({ name, schedules }: DeploymentResponse, id: string | undefined): DeploymentSchedule {
  const found = id === undefined && schedules.length === 1 ? schedules[0] : schedules.find((schedule) => schedule.id === id);
  if (found) return found;
  const choices = schedules.map((schedule) => schedule.id).join(', ');
  throw new CommandError(
    id === undefined ? `Deployment '${name}' has ${schedules.length} schedules.` : `Deployment schedule ${id} not found!`,
    choices ? `Give the id of one of them: ${choices}` : undefined,
  );
}
