import type { RetryPolicy } from './retrying.ts';

/** How an infrastructure of Google Cloud is opened. All has a default. */
export interface GoogleOptions {
  /** Milliseconds between two looks at a job. */
  readonly pollMs?: number;
  readonly retry?: RetryPolicy;
}

/** The address of a service: Google's, or the one that the environment names for gcloud too, such as a private endpoint. */
export function googleRootUrl(service: 'RUN' | 'AIPLATFORM', address: string): string {
  const url = process.env[`CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`] || address;
  return url.endsWith('/') ? url : `${url}/`;
}
