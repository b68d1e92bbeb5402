import { orMissing, seeList } from '../../answers.ts';
import { argument, command, uuid } from '../../command.ts';
import { CommandError } from '../../errors.ts';

export const cancel = command({
  summary: 'Ask a flow run to stop',
  arguments: { id: argument('Id of the flow run', uuid) },
  async run({ args: { id }, session }) {
    const client = await session.client();
    const answer = await orMissing(
      client.call('POST /flow_runs/{id}/set_state', {
        path: { id },
        body: { state: { type: 'CANCELLING', name: 'Cancelling' }, force: false },
      }),
      `Flow run '${id}' not found!`,
      seeList('flow-run'),
    );
    if (answer.status === 'ABORT') {
      const reason = 'reason' in answer.details ? answer.details.reason : undefined;
      throw new CommandError(`Flow run '${id}' was unable to be cancelled. Reason: '${reason ?? 'none given'}'`);
    }
    session.out.line(session.out.colors.green(`Flow run '${id}' was successfully scheduled for cancellation.`));
  },
});
