import type { FlowRunResponse } from '@prefect-ts/protocol';
import { isUuid } from '@prefect-ts/protocol';
import { orMissing, seeList } from '../../answers.ts';
import { command, optionalArgument } from '../../command.ts';
import { CommandError, SilentFailure, UsageError } from '../../errors.ts';
import type { Session } from '../../session.ts';

export const execute = command({
  summary: 'Execute a flow run here and now; what workers start on their infrastructure',
  arguments: { id: optionalArgument('Id of the flow run (default: PREFECT__FLOW_RUN_ID)') },
  async run({ args, session }) {
    const id = args.id ?? process.env.PREFECT__FLOW_RUN_ID;
    if (!id)
      throw new CommandError('Could not determine the ID of the flow run to execute.', 'Give it, or set PREFECT__FLOW_RUN_ID.');
    if (!isUuid(id)) throw new UsageError(`'${id}' is not an id (a UUID).`);
    await executeFlowRun(session, id, undefined);
  },
});

/**
 * Executes one flow run in a process of its own and stays with it until it is over.
 *
 * @param entrypoint where its code is; default: what its deployment says
 * @throws SilentFailure when its process failed; the server has been told.
 */
export async function executeFlowRun(session: Session, id: string, entrypoint: string | undefined): Promise<void> {
  const client = await session.client();
  const run = await orMissing(
    client.call('GET /flow_runs/{id}', { path: { id } }),
    `Flow run '${id}' not found!`,
    seeList('flow-run'),
  );
  if (await isCancelled(session, run)) return;
  const { ProcessWorker } = await import('@prefect-ts/worker');
  const { consoleLogger, watchCancellations } = await import('prefect-ts/runner');
  const deployment =
    run.deployment_id === null ? undefined : await client.call('GET /deployments/{id}', { path: { id: run.deployment_id } });
  const stop = new AbortController();
  const kill = new AbortController();
  const onSignal = () => (stop.signal.aborted ? kill : stop).abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  const cancellations = watchCancellations(client);
  try {
    const log = consoleLogger('prefect.flow_runs.execute');
    const onShutdown = shutdownBehavior(process.env.PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR);
    const worker = new ProcessWorker({ client, log, workerName: 'execute', cancellations, killSignal: kill.signal, onShutdown });
    const flow = await client.call('GET /flows/{id}', { path: { id: run.flow_id } });
    const code = entrypoint ?? deployment?.entrypoint ?? undefined;
    if (code === undefined) throw new CommandError(`Flow run '${run.name}' does not say where its code is.`);
    const configuration = {
      command: entrypoint === undefined ? null : await engineCommandLine(entrypoint),
      env: {
        ...(await session.settings()).toEnvironment(),
        PREFECT_API_URL: client.apiUrl,
        // Python's engine that is told the entrypoint does not fetch the code of the deployment.
        ...(entrypoint === undefined ? {} : { PREFECT__FLOW_ENTRYPOINT: entrypoint }),
      },
      labels: {},
      name: null,
      working_dir: entrypoint === undefined ? null : process.cwd(),
    };
    const { exitCode } = await worker.run({ ...run, flow, deployment }, configuration, () => {}, stop.signal);
    if (exitCode !== 0) throw new SilentFailure();
  } finally {
    cancellations.close();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}

/** What becomes of the run when its place is taken away: whoever started this process knows whether the run is started again. */
function shutdownBehavior(wanted: string | undefined): 'crash' | 'reschedule' | 'relinquish' {
  return wanted === 'reschedule' || wanted === 'relinquish' ? wanted : 'crash';
}

/** A run that was cancelled before it began needs no process. */
async function isCancelled(session: Session, run: FlowRunResponse): Promise<boolean> {
  if (run.state_type === 'CANCELLED') return true;
  if (run.state_type !== 'CANCELLING') return false;
  const client = await session.client();
  await client.call('POST /flow_runs/{id}/set_state', {
    path: { id: run.id },
    body: {
      state: { type: 'CANCELLED', name: 'Cancelled', message: 'Flow run was cancelled before execution started.' },
      force: true,
    },
  });
  return true;
}

async function engineCommandLine(entrypoint: string): Promise<string> {
  const { engineCommand, entrypointLanguage } = await import('prefect-ts/runner');
  const { command, args } = engineCommand(entrypointLanguage(entrypoint));
  return [command, ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}
