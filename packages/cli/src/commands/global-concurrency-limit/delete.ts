import { command } from '../../command.ts';
import { confirm } from '../../terminal/confirm.ts';
import { findLimit, limitName } from './show.ts';

export const deleteLimit = command({
  summary: 'Delete a global concurrency limit',
  arguments: { name: limitName },
  async run({ args: { name }, session }) {
    const { id } = await findLimit(session, name);
    await confirm(session, `Delete global concurrency limit '${name}'?`);
    const client = await session.client();
    await client.call('DELETE /v2/concurrency_limits/{id_or_name}', { path: { id_or_name: id } });
    session.out.line(session.out.colors.green(`Deleted global concurrency limit with name '${name}'.`));
  },
});
