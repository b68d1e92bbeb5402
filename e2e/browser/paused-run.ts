import type { ServerProcess } from '../server-process.ts';
import { call } from './api-call.ts';

/** A run that asks for an approval as the Python SDK would: it is paused, and its question is kept as its input. */
export async function aRunThatAsks(server: ServerProcess, flow_id: string): Promise<string> {
  const { id } = await call(server, 'POST /flow_runs/', { flow_id, name: 'asking-owl', state: { type: 'RUNNING' } });
  const keyset = { schema: 'paused-1-schema', response: 'paused-1-response', description: 'paused-1-description' };
  const schema = {
    title: 'Approval',
    type: 'object',
    required: ['approve', 'reason'],
    properties: {
      approve: { type: 'boolean', title: 'Approve', default: false },
      reason: { type: 'string', title: 'Reason' },
      amount: { type: 'integer', title: 'Amount', default: 3, minimum: 1 },
    },
  };
  await call(server, 'POST /flow_runs/{id}/input', { key: keyset.schema, value: JSON.stringify(schema) }, { id });
  await call(
    server,
    'POST /flow_runs/{id}/input',
    { key: keyset.description, value: JSON.stringify('Is this **fine**?') },
    { id },
  );
  await call(
    server,
    'POST /flow_runs/{id}/set_state',
    {
      state: {
        type: 'PAUSED',
        state_details: {
          pause_key: 'paused-1',
          pause_timeout: new Date(Date.now() + 3_600_000).toISOString(),
          run_input_keyset: keyset,
        },
      },
      force: true,
    },
    { id },
  );
  return id;
}
