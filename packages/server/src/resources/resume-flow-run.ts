import { type OrchestrationResult, type State, uuid4 } from '@prefect-ts/protocol';
import { DetailError } from '../errors.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import type { ClientVersions } from '../orchestration/transition.ts';
import {
  CircularSchemaError,
  HydrationError,
  hydrate,
  SchemaInvalidError,
  ValuesInvalidError,
  validateValues,
} from '../parameters/index.ts';
import { parseJson } from '../storage/json-columns.ts';
import { renderTemplate } from '../templates/index.ts';
import type { WorkUnit } from '../work-unit.ts';
import { variableValues } from './variables.ts';

/** Why an input does not do; the words are the API's. */
class UnusableInputError extends Error {
  override readonly name = 'UnusableInputError';
}

/**
 * Lets a paused flow run go on, with the input that it waits for. Contract: orchestration 12.1.
 *
 * @throws DetailError 404 if there is no such run.
 */
export async function resumeFlowRun(
  unit: WorkUnit,
  id: string,
  runInput: Record<string, unknown> | null,
  client: ClientVersions,
): Promise<OrchestrationResult> {
  const row = await unit.first(unit.db.selectFrom('flow_run').select('state').where('id', '=', id));
  if (!row) throw new DetailError(404, 'Flow run not found');
  const state = parseJson<State | null>(row.state);
  if (state?.type !== 'PAUSED') return refusal('ABORT', null, 'Cannot resume a flow run that is not paused.');
  const keyset = state.state_details.run_input_keyset;
  let input: unknown = null;
  try {
    if (keyset) input = await checkedInput(unit, id, keyset.schema ?? '', runInput ?? {});
  } catch (error) {
    if (error instanceof UnusableInputError) return refusal('REJECT', state, error.message);
    throw error;
  }
  const proposal = state.state_details.pause_reschedule
    ? ({ type: 'SCHEDULED', name: 'Resuming' } as const)
    : ({ type: 'RUNNING' } as const);
  const result = await proposeFlowRunState(unit, id, proposal, { client });
  if (result.status === 'ACCEPT' && keyset?.response && runInput && Object.keys(runInput).length > 0)
    await storeResponse(unit, id, keyset.response, JSON.stringify(input));
  return result;
}

/** Clients know this mixture: a refusal whose details are those of an abort. */
function refusal(status: 'ABORT' | 'REJECT', state: State | null, reason: string): OrchestrationResult {
  return { state, status, details: { type: 'abort_details', reason } };
}

async function checkedInput(unit: WorkUnit, id: string, schemaKey: string, runInput: Record<string, unknown>): Promise<unknown> {
  const input = hydrated(runInput, await variableValues(unit));
  const row = await unit.first(
    unit.db.selectFrom('flow_run_input').select('value').where('flow_run_id', '=', id).where('key', '=', schemaKey),
  );
  if (!row) throw new UnusableInputError('Run input schema not found.');
  let schema: unknown;
  try {
    schema = JSON.parse(row.value);
  } catch {
    throw new UnusableInputError('Run input schema is not valid JSON.');
  }
  try {
    validateValues(input as Record<string, unknown>, schema as Record<string, unknown>);
  } catch (error) {
    if (error instanceof CircularSchemaError) throw new UnusableInputError(`Invalid schema: ${error.message}`);
    if (error instanceof ValuesInvalidError || error instanceof SchemaInvalidError)
      throw new UnusableInputError(`Reason: ${error.message}`);
    throw error;
  }
  return input;
}

function hydrated(runInput: Record<string, unknown>, variables: ReadonlyMap<string, unknown>): unknown {
  try {
    return hydrate(runInput, {
      variables,
      renderTemplate: (template) => renderTemplate(template, {}),
    });
  } catch (error) {
    if (error instanceof HydrationError) throw new UnusableInputError(`Error hydrating run input: ${error.message}`);
    throw error;
  }
}

async function storeResponse(unit: WorkUnit, flowRunId: string, key: string, value: string): Promise<void> {
  const row = { id: uuid4(), created: unit.now, updated: unit.now, flow_run_id: flowRunId, key, value, sender: null };
  await unit.run(
    unit.db
      .insertInto('flow_run_input')
      .values(row)
      .onConflict((conflict) => conflict.columns(['flow_run_id', 'key']).doUpdateSet({ value, updated: unit.now })),
  );
}
