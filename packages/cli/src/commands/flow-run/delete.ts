import { orMissing, seeList } from '../../answers.ts';
import { argument, command, uuid } from '../../command.ts';
import { confirm } from '../../terminal/confirm.ts';

export const deleteRun = command({
  summary: 'Delete a flow run with its logs and task runs',
  arguments: { id: argument('Id of the flow run', uuid) },
  async run({ args: { id }, session }) {
    const client = await session.client();
    const missing = `Flow run '${id}' not found!`;
    await orMissing(client.call('GET /flow_runs/{id}', { path: { id } }), missing, seeList('flow-run'));
    await confirm(session, `Delete flow run '${id}'?`);
    await orMissing(client.call('DELETE /flow_runs/{id}', { path: { id } }), missing, seeList('flow-run'));
    session.out.line(session.out.colors.green(`Successfully deleted flow run '${id}'.`));
  },
});
