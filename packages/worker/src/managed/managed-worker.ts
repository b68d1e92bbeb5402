import type { WorkerClass } from '../base-worker.ts';
import { infrastructureWorker } from '../infrastructure-worker.ts';
import { type ManagedConfiguration, type ManagedOptions, managedProcesses } from './managed-processes.ts';
import { managedVariables } from './variables.ts';

/** The type of the pools whose runs the server starts on its own machine. */
export const MANAGED_TYPE = 'prefect:managed';

/** The worker of managed pools. It is no worker that a person starts: the server has it for each such pool. */
export function managedWorker(options: ManagedOptions): WorkerClass {
  return infrastructureWorker<ManagedConfiguration>({
    type: MANAGED_TYPE,
    name: 'ManagedWorker',
    description: 'Runs flows as processes with limits on the machine of the server.',
    variables: managedVariables,
    open: () => managedProcesses(options),
  });
}
