import { orMissing, seeList } from '../../answers.ts';
import { argument, command } from '../../command.ts';
import { confirm } from '../../terminal/confirm.ts';

export const deletePool = command({
  summary: 'Delete a work pool with its queues',
  arguments: { name: argument('Name of the work pool') },
  async run({ args: { name }, session }) {
    const client = await session.client();
    const missing = `Work pool '${name}' does not exist.`;
    await orMissing(client.call('GET /work_pools/{name}', { path: { name } }), missing, seeList('work-pool'));
    await confirm(session, `Delete work pool '${name}' with its queues?`);
    await orMissing(client.call('DELETE /work_pools/{name}', { path: { name } }), missing, seeList('work-pool'));
    session.out.line(session.out.colors.green(`Deleted work pool '${name}'`));
  },
});
