import { fileURLToPath } from 'node:url';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { eventually } from '../processes.ts';
import { freePort } from '../server-process.ts';
import { aTerminal, type Terminal } from '../terminal.ts';

const terminals: Terminal[] = [];
afterAll(() => Promise.all(terminals.map((terminal) => terminal.close())));

/** A server started as a person starts it, that calls runs late at once; `late` tells of a run that is. */
async function aServer(...options: string[]) {
  const terminal = await aTerminal({
    folder: fileURLToPath(new URL('.', import.meta.url)),
    env: { PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS: '1', PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS: '0.2' },
  });
  terminals.push(terminal);
  const server = terminal.start('server', 'start', '--port', String(await freePort()), ...options);
  const [, apiUrl = ''] = await server.said(/API +(http:\S+\/api)/);
  const api = async <Body>(method: string, path: string, body?: object): Promise<Body> => {
    const response = await fetch(apiUrl + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
    return (await response.json()) as Body;
  };
  const { id: flow_id } = await api<{ id: string }>('POST', '/flows/', { name: 'waiting' });
  const state = { type: 'SCHEDULED', state_details: { scheduled_time: '2020-01-01T00:00:00Z' } };
  const run = await api<FlowRunResponse>('POST', '/flow_runs/', { flow_id, state });
  return { stateName: async () => (await api<FlowRunResponse>('GET', `/flow_runs/${run.id}`)).state_name, server };
}

describe('the services of a server', () => {
  it('run when it is started as the guide says', async () => {
    const { stateName } = await aServer();
    await eventually('the run is late', async () => (await stateName()) === 'Late');
  });

  it('run elsewhere when it is started without them', async () => {
    const with_ = await aServer();
    const without = await aServer('--no-services');
    // Where the services run, a run that is as old has become late.
    await eventually('the run of the other server is late', async () => (await with_.stateName()) === 'Late');
    expect(await without.stateName()).toBe('Scheduled');
  });
});
