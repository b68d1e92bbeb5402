import { relative, resolve } from 'node:path';
import { ConfigurationError } from '../errors.ts';
import type { Deployment } from './deployment.ts';
import { type ExportedFlow, exportedFlows, exportOf } from './exported-flows.ts';

/** Finds the entrypoints of deployments: `path:export`, relative to a folder. Each file is looked at once. */
export async function findEntrypoints(deployments: readonly Deployment[], directory: string): Promise<string[]> {
  const looked = new Map<string, Promise<ExportedFlow[]>>();
  return Promise.all(
    deployments.map(async ({ flowName, file, options }) => {
      if (options.entrypoint !== undefined) return options.entrypoint;
      if (file === undefined) {
        throw new ConfigurationError(`It cannot be told where the flow '${flowName}' is defined.`, {
          hint: 'Give its deployment an `entrypoint`, such as "flows/etl.ts:etl".',
        });
      }
      const flows = looked.get(file) ?? exportedFlows(file);
      looked.set(file, flows);
      const { exportName } = exportOf(await flows, flowName, file);
      return `${relative(resolve(directory), file)}:${exportName}`;
    }),
  );
}
