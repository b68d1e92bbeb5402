import type { FlowRunToStart, JobConfiguration } from '../../packages/worker/src/index.ts';
import { baseJobTemplate, type JobVariables } from '../../packages/worker/src/index.ts';
import { buildJobConfiguration } from '../../packages/worker/src/job-template/job-configuration.ts';
import { prepareForRun } from '../../packages/worker/src/job-template/prepare-for-run.ts';

const FLOW = { id: 'f1', name: 'Nightly ETL' };

/** A run that is to be started. */
export const A_RUN = {
  id: '0190a2b3-7c41-7d22-9e11-2f54a1d0c9e8',
  name: 'calm-owl',
  flow_id: FLOW.id,
  deployment_id: null,
  job_variables: {},
  tags: [],
  flow: FLOW,
  deployment: undefined,
} as unknown as FlowRunToStart;

const NO_REFERENCES = {
  blockById: () => Promise.reject(new Error('There are no blocks.')),
  blockByName: () => Promise.reject(new Error('There are no blocks.')),
  variable: async () => undefined,
};

/** The job configuration of the run, as a worker makes it out of a pool's template and the job variables of a deployment. */
export async function configurationOf<Config extends JobConfiguration>(
  variables: JobVariables,
  jobVariables: Readonly<Record<string, unknown>>,
): Promise<Config> {
  const built = await buildJobConfiguration(baseJobTemplate(variables), jobVariables, NO_REFERENCES, {});
  const settings = { PREFECT_API_URL: 'https://prefect.acme.test/api', PREFECT_API_KEY: 'pnu_secret' };
  const { flow } = A_RUN;
  const workPool = { id: 'p1', name: 'cloud' };
  const context = { flowRun: A_RUN, flow, deployment: undefined, workPool, workerName: 'w1', settings };
  return prepareForRun(built, context) as unknown as Config;
}

/** Keeps what is logged. */
export function recordingLog() {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  const log = { debug: keep('debug'), info: keep('info'), warning: keep('warning'), error: keep('error') };
  return { lines, log };
}
