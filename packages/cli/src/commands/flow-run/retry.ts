import { type FlowRunResponse, isTerminal, isUuid } from '@prefect-ts/protocol';
import { orMissing, seeList } from '../../answers.ts';
import { argument, command, text } from '../../command.ts';
import { CommandError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { executeFlowRun } from './execute.ts';

export const retry = command({
  summary: 'Run a flow run again that is over',
  arguments: { idOrName: argument('Id or name of the flow run') },
  options: { entrypoint: text('-e, --entrypoint <path:flow>', 'Where its code is, for runs without a deployment') },
  async run({ args, options, session }) {
    const run = await findRun(session, args.idOrName);
    if (!isTerminal(run.state_type)) {
      throw new CommandError(`Flow run '${run.name}' is not over: its state is ${run.state_name ?? 'unknown'}.`);
    }
    if (run.deployment_id === null && options.entrypoint === undefined) {
      throw new CommandError(
        `Flow run '${run.name}' does not belong to a deployment.`,
        'Say where its code is: --entrypoint path/to/file:flow',
      );
    }
    await schedule(session, run);
    session.out.line(session.out.colors.green(`Flow run '${run.name}' has been scheduled for retry.`));
    if (run.deployment_id === null) await executeFlowRun(session, run.id, options.entrypoint);
  },
});

async function findRun(session: Session, idOrName: string): Promise<FlowRunResponse> {
  const client = await session.client();
  const missing = `Flow run '${idOrName}' not found!`;
  if (isUuid(idOrName))
    return orMissing(client.call('GET /flow_runs/{id}', { path: { id: idOrName } }), missing, seeList('flow-run'));
  const [run, second] = await client.call('POST /flow_runs/filter', {
    body: { flow_runs: { name: { any_: [idOrName] } }, limit: 2 },
  });
  if (!run) throw new CommandError(missing);
  if (second) throw new CommandError(`More than one flow run is named '${idOrName}'.`, 'Give its id instead.');
  return run;
}

async function schedule(session: Session, run: FlowRunResponse): Promise<void> {
  const client = await session.client();
  const answer = await client.call('POST /flow_runs/{id}/set_state', {
    path: { id: run.id },
    body: {
      state: { type: 'SCHEDULED', name: 'AwaitingRetry', state_details: { scheduled_time: new Date().toISOString() } },
      force: true,
    },
  });
  if (answer.status === 'ACCEPT') return;
  const reason = 'reason' in answer.details ? answer.details.reason : undefined;
  throw new CommandError(`Flow run '${run.name}' could not be scheduled for retry: ${reason ?? answer.status}`);
}
