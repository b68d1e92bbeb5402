import { argument, command, output } from '../../../command.ts';
import { findDeployment } from '../find.ts';
import { describeSchedule } from './describe.ts';

export const ls = command({
  summary: 'List the schedules of a deployment',
  arguments: { deploymentName: argument('FLOW_NAME/DEPLOYMENT_NAME') },
  options: { output: output() },
  async run({ args, options, session }) {
    const { out } = session;
    const { schedules } = await findDeployment(session, args.deploymentName);
    if (options.output) return out.json(schedules);
    if (schedules.length === 0) return out.line(`Deployment '${args.deploymentName}' has no schedules.`);
    out.table(schedules, [
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Schedule', cell: describeSchedule },
      {
        title: 'Active',
        cell: ({ active }) => (active ? 'True' : 'False'),
        paint: (text, { active }) => (active ? out.colors.green(text) : out.colors.yellow(text)),
      },
    ]);
  },
});
