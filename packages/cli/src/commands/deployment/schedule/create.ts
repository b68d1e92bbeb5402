import type { DeploymentScheduleCreate } from '@prefect-ts/protocol';
import { argument, command, flag, positive, text, toggle, value } from '../../../command.ts';
import { confirm } from '../../../terminal/confirm.ts';
import { readSchedule } from '../../schedule-options.ts';
import { findDeployment } from '../find.ts';

export const create = command({
  summary: 'Let a deployment run by a schedule',
  arguments: { name: argument('FLOW_NAME/DEPLOYMENT_NAME') },
  options: {
    interval: value('--interval <seconds>', 'Every so many seconds', positive),
    anchorDate: text('--anchor-date <date>', 'Date that intervals are counted from'),
    rrule: text('--rrule <rule>', 'By a recurrence rule (RFC 5545)'),
    cron: text('--cron <expression>', 'By a cron expression'),
    dayOr: text('--day-or, --day_or <on|off>', 'Whether one of day of month and day of week is enough (default: on)'),
    timezone: text('--timezone <zone>', 'Time zone, for example Europe/Paris'),
    active: toggle('active', 'Begin at once', true),
    replace: flag('--replace', 'Remove the other schedules of the deployment'),
    acceptYes: flag('-y, --accept-yes', 'Do not ask'),
  },
  async run({ args: { name }, options, session }) {
    const schedule = readSchedule(options);
    const deployment = await findDeployment(session, name);
    const client = await session.client();
    const path = { id: deployment.id };
    const created: DeploymentScheduleCreate = { active: options.active, schedule };
    if (options.replace) {
      const count = deployment.schedules.length;
      if (count > 0 && !options.acceptYes)
        await confirm(session, `Replace ${count} schedule${count === 1 ? '' : 's'} of '${name}'?`);
      await client.call('PATCH /deployments/{id}', { path, body: { schedules: [created] } });
    } else {
      await client.call('POST /deployments/{id}/schedules', { path, body: [created] });
    }
    session.out.line(
      session.out.colors.green(options.replace ? 'Replaced existing deployment schedules!' : 'Created deployment schedule!'),
    );
  },
});
