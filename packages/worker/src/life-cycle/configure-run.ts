import type { WorkPoolResponse } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import type { FlowRunToStart } from '../base-worker.ts';
import { buildJobConfiguration, type JobConfiguration, mergeJobVariables } from '../job-template/job-configuration.ts';
import { prepareForRun } from '../job-template/prepare-for-run.ts';
import { serverReferences } from '../job-template/references.ts';

export interface ConfigureOptions {
  client: ApiClient;
  pool: WorkPoolResponse;
  workerName: string;
  /** The worker's settings that its runs share. */
  settings: Readonly<Record<string, string>>;
}

/** The job configuration of a run: the template of its pool with the variables of its deployment and its own. */
export async function configureRun(options: ConfigureOptions, flowRun: FlowRunToStart): Promise<JobConfiguration> {
  const { client, pool, workerName, settings } = options;
  const { flow, deployment } = flowRun;
  const variables = mergeJobVariables(deployment?.job_variables, flowRun.job_variables);
  const built = await buildJobConfiguration(pool.base_job_template, variables, serverReferences(client));
  return prepareForRun(built, { flowRun, flow, deployment, workPool: pool, workerName, settings });
}
