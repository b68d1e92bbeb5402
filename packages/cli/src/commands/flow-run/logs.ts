import { orMissing, seeList } from '../../answers.ts';
import { argument, command, uuid } from '../../command.ts';
import { logOptions, tellLogs } from '../logs.ts';

export const logs = command({
  summary: 'Print the logs of a flow run',
  arguments: { id: argument('Id of the flow run', uuid) },
  options: logOptions,
  async run({ args: { id }, options, session }) {
    const client = await session.client();
    const run = await orMissing(
      client.call('GET /flow_runs/{id}', { path: { id } }),
      `Flow run '${id}' not found!`,
      seeList('flow-run'),
    );
    await tellLogs(session, { flow_run_id: { any_: [id] } }, options, `Flow run '${run.name}'`);
  },
});
