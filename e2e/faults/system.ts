import { fileURLToPath } from 'node:url';
import { type FlowRunResponse, isTerminal, type State } from '@prefect-ts/protocol';
import { eventually } from '../processes.ts';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { aTerminal, type Program, type Terminal } from '../terminal.ts';

/** A server that can be killed, and a terminal beside it, with a pool and deployments of the flows of this folder. */
export interface System {
  readonly server: ServerProcess;
  readonly terminal: Terminal;
  /** Starts a worker for the pool and waits until it takes runs. */
  startWorker(...options: string[]): Promise<Program>;
  /** Starts a run of a deployment and gives its id. */
  startRun(deployment: string, parameters?: object): Promise<string>;
  readRun(id: string): Promise<FlowRunResponse>;
  /** Waits until a run is over and gives its last state. */
  endOf(id: string, patienceMs?: number): Promise<State>;
  remove(): Promise<void>;
}

const POOL = 'pool';

/** @param flows names of flows of `flows/working.ts`; each gets a deployment `<flow>/d` */
export async function aSystem(flows: readonly string[]): Promise<System> {
  const server = await aServerProcess();
  await server.start();
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const terminal = await aTerminal({ folder, env: { PREFECT_API_URL: server.apiUrl } });
  await terminal.succeed('work-pool', 'create', POOL, '--type', 'process');
  for (const flow of flows) await terminal.succeed('deploy', `./flows/working.ts:${flow}`, '--name', 'd', '--pool', POOL);

  const readRun = async (id: string) => (await server.request<FlowRunResponse>('GET', `/flow_runs/${id}`)).body;
  return {
    server,
    terminal,
    readRun,
    async startWorker(...options) {
      const worker = terminal.start('worker', 'start', '--pool', POOL, ...options);
      await worker.said(/started!\n/);
      return worker;
    },
    async startRun(deployment, parameters = {}) {
      const { body } = await server.request<{ id: string }>('GET', `/deployments/name/${deployment}`);
      const created = await server.request<FlowRunResponse>('POST', `/deployments/${body.id}/create_flow_run`, { parameters });
      return created.body.id;
    },
    endOf: (id, patienceMs) =>
      eventually(
        `run ${id} is over`,
        async () => {
          const { state } = await readRun(id);
          return isTerminal(state?.type) && (state ?? false);
        },
        patienceMs,
      ),
    async remove() {
      await terminal.close();
      await server.remove();
    },
  };
}
