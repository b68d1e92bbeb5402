import type { FlowRun, FlowRunResponse } from '@prefect-ts/protocol';
import { isTerminal } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import { explainExitStatus, type Logger, outlastDowntime, proposeState } from 'prefect-ts/runner';
import type { RunResult } from '../base-worker.ts';

/** Tells the server of infrastructure that failed, unless that is known. */
export async function reportEnd(client: ApiClient, log: Logger, flowRun: FlowRun, result: RunResult): Promise<void> {
  const { exitCode, reason } = result;
  if (exitCode === 0 || result.crashReported || result.unwatched) return;
  const explanation = reason === undefined ? explainExitStatus(exitCode) : asSentence(reason);
  log.error(`Flow run '${flowRun.name}' exited with status code ${exitCode}. ${explanation}`);
  await proposeCrashed(client, flowRun, `Flow run infrastructure exited with non-zero status code ${exitCode}. ${explanation}`);
}

export async function proposeCrashed(client: ApiClient, flowRun: FlowRun, message: string): Promise<void> {
  await proposeState(client, flowRun.id, { type: 'CRASHED', name: 'Crashed', message });
}

/**
 * Tells the server that a run whose infrastructure was ended on someone's wish is cancelled. A run that reported another end before is left
 * alone; one that could only say that it was being ended is not.
 */
export async function reportCancelled(client: ApiClient, flowRun: FlowRun, message: string): Promise<void> {
  const { state_type } = await readRun(client, flowRun.id);
  if (isTerminal(state_type) && state_type !== 'CRASHED') return;
  await proposeState(client, flowRun.id, { type: 'CANCELLED', name: 'Cancelled', message }, { force: true });
}

/**
 * Tells the server of a run whose infrastructure ended as if all were well, but which did not: nobody would ever end it.
 *
 * @returns whether that was so
 */
export async function reportAbandoned(client: ApiClient, flowRun: FlowRun, id: string): Promise<boolean> {
  const now = await readRun(client, flowRun.id);
  if (!belongsTo(now, id)) return false;
  // A run that was given back is pending again when another worker has taken it, and then its count has moved on.
  const neverBegan = now.state_type === 'PENDING' && now.run_count === flowRun.run_count;
  if (now.state_type !== 'RUNNING' && !neverBegan) return false;
  const what = neverBegan ? 'The run never began.' : explainExitStatus(0);
  await proposeCrashed(client, flowRun, `Flow run infrastructure exited with status code 0. ${what}`);
  return true;
}

/** Whether a run still counts on the infrastructure with this id, and not on a later one. */
function belongsTo({ infrastructure_pid }: FlowRunResponse, id: string): boolean {
  return infrastructure_pid === null || infrastructure_pid === id;
}

function readRun(client: ApiClient, id: string): Promise<FlowRunResponse> {
  return outlastDowntime(() => client.call('GET /flow_runs/{id}', { path: { id } }));
}

function asSentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}${/[.!?]$/.test(reason) ? '' : '.'}`;
}
