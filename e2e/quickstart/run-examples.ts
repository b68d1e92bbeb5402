import { createClient } from 'prefect-ts/client';
import { createDeploymentRun } from 'prefect-ts/deployments';
import { step } from '../../tools/steps.js';
import { type Outcome, readOutcomes } from './outcomes.ts';

/** The deployments that are run; the second one calls the Python flow `earthquakes/on-demand` by itself. */
const DEPLOYMENTS = ['weather/nightly', 'earthquake-report/weekly'];

/** Runs the deployed examples to their end, side by side, and gives what became of all their runs. */
export async function runExamples(apiUrl: string, signal?: AbortSignal): Promise<Outcome[]> {
  const client = createClient({ apiUrl });
  try {
    const runs = DEPLOYMENTS.map((name) =>
      step(
        ({ name: run, state_name }) => `${name}: '${run}' is ${state_name}`,
        () => createDeploymentRun(name, { client, signal, timeout: '2m' }),
        `prefect deployment run ${name} --watch`,
      ),
    );
    await Promise.all(runs);
    return await readOutcomes(client);
  } finally {
    await client.close();
  }
}
