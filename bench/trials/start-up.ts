import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad } from '../load-process.ts';
import { Samples, type Trial } from './trial.ts';

const REST_SECONDS = 3;
const CLIENTS = 16;

/** From nothing to a server that answers, on an empty folder; what it holds and burns then, and what it holds after load. */
export const startUp: Trial = {
  name: 'start-up',
  async run({ options, start }) {
    const samples = new Samples('start-up');
    for (let round = 0; round < options.rounds; round += 1) {
      for (const name of options.servers) {
        const server = await start(name);
        try {
          samples.add('ready', 'ms', name, server.readyMillis);
          samples.add('CPU until ready', 'ms', name, server.usage().cpuMillis);
          await sleep(1000); // what starts behind the first answer is not rest yet
          samples.add('memory after start', 'MiB', name, server.usage().residentMiB);
          const before = server.usage().cpuMillis;
          await sleep(REST_SECONDS * 1000);
          samples.add('CPU at rest', 'ms/s', name, (server.usage().cpuMillis - before) / REST_SECONDS);
          const load = await startLoad({ measure: 'flow-run', apiUrl: server.apiUrl, clients: CLIENTS });
          await load.round(options.seconds);
          await load.stop();
          samples.add('memory after load', 'MiB', name, server.usage().residentMiB);
        } finally {
          await server.stop();
        }
      }
    }
    return samples.rows();
  },
};
