import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFORMANCE_FLOWS, type ConformanceTarget } from '@prefect-ts/worker/conformance';
import { isGone } from '../processes.ts';

/** Processes of this machine. */
export const processTarget: ConformanceTarget = {
  type: 'process',
  node: `'${process.execPath}'`,
  outlivesWorker: false,
  labels: false,
  names: false,
  inspect: async (id) => (isGone(Number(id)) ? undefined : { running: true }),
  async destroy(id) {
    process.kill(Number(id), 'SIGKILL');
  },
  flows: { directory: dirname(fileURLToPath(CONFORMANCE_FLOWS)) },
  refused: { variables: { working_dir: '/no/such/folder' }, says: /no\/such\/folder/ },
};
