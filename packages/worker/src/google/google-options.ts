import type { RetryPolicy } from './retrying.ts';

/** How an infrastructure of Google Cloud is opened. */
export interface GoogleOptions {
  /** Whether a pool without credentials of its own uses those of the environment. Default true; a server that starts runs itself has none to give. */
  readonly ambientCredentials?: boolean;
  /** Milliseconds between two looks at a job. */
  readonly pollMs?: number;
  readonly retry?: RetryPolicy;
}

/** The address of a service: Google's, or the one that the environment names for gcloud too, such as a private endpoint. */
export function googleRootUrl(service: 'RUN' | 'AIPLATFORM', address: string): string {
  const url = process.env[`CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`] || address;
  return url.endsWith('/') ? url : `${url}/`;
}
