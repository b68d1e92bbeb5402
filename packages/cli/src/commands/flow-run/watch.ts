import { orMissing, seeList } from '../../answers.ts';
import { argument, command, decimal, uuid, value } from '../../command.ts';
import { followFlowRun } from '../follow-run.ts';

export const watch = command({
  summary: 'Follow a flow run until it is over',
  arguments: { id: argument('Id of the flow run', uuid) },
  options: { timeout: value('--timeout <seconds>', 'Give up after so long', decimal) },
  async run({ args: { id }, options, session }) {
    const client = await session.client();
    const run = await orMissing(
      client.call('GET /flow_runs/{id}', { path: { id } }),
      `Flow run '${id}' not found!`,
      seeList('flow-run'),
    );
    await followFlowRun(session, run, { timeoutSeconds: options.timeout });
  },
});
