import type { GcpCredentials } from '../google/sign-in.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';

/** The job configuration of a run that is a custom job of Vertex AI. */
export interface VertexAiConfiguration extends JobConfiguration {
  region: string;
  credentials?: GcpCredentials | null;
  /** In seconds. */
  job_watch_poll_interval?: number;
  job_spec: unknown;
}
