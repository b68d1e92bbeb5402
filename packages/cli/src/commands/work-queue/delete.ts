import { command } from '../../command.ts';
import { confirm } from '../../terminal/confirm.ts';
import { findQueue, inPool, queueName } from './find.ts';

export const deleteQueue = command({
  summary: 'Delete a work queue',
  arguments: { name: queueName },
  options: { pool: inPool },
  async run({ args: { name }, options: { pool }, session }) {
    const queue = await findQueue(session, name, pool);
    await confirm(session, `Delete work queue '${name}'?`);
    const client = await session.client();
    await client.call('DELETE /work_queues/{id}', { path: { id: queue.id } });
    session.out.line(
      session.out.colors.green(`Successfully deleted work queue '${name}'${pool ? ` in work pool '${pool}'` : ''}`),
    );
  },
});
