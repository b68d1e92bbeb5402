import type { run_v1, run_v2 } from '@googleapis/run';
import { type GoogleOptions, googleRootUrl } from '../google/google-options.ts';
import { signIn } from '../google/sign-in.ts';
import type { Infrastructure } from '../infrastructure.ts';
import { loadPlatformClient } from '../platform-client.ts';
import { cloudRunV1 } from './api-v1.ts';
import { cloudRunV2 } from './api-v2.ts';
import type { CloudRunConfiguration } from './configuration.ts';
import { type CloudRunConnection, CloudRunInfrastructure } from './infrastructure.ts';
import { buildJobV1 } from './job-v1.ts';
import { buildJobV2 } from './job-v2.ts';

const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Cloud Run by version 1 of its API, for pools of the types `cloud-run` and `cloud-run:push`.
 *
 * @throws {MissingPlatformClientError} when the package `@googleapis/run` is not installed
 */
export async function openCloudRun(options: GoogleOptions = {}): Promise<Infrastructure<CloudRunConfiguration>> {
  const library = await loadLibrary('cloud-run');
  const connect = async (config: CloudRunConfiguration): Promise<CloudRunConnection> => {
    const { auth, project } = await signIn(library.auth, config.credentials);
    const rootUrl = googleRootUrl('RUN', `https://${config.region}-run.googleapis.com/`);
    const clientOptions: run_v1.Options = { version: 'v1', auth, rootUrl, retry: false, timeout: REQUEST_TIMEOUT_MS };
    const api = cloudRunV1(library.run(clientOptions), project);
    return { api, buildJob: (of, id) => buildJobV1(of, id, project) };
  };
  return new CloudRunInfrastructure({ connect, ...options });
}

/**
 * Cloud Run by version 2 of its API, for pools of the types `cloud-run-v2` and `cloud-run-v2:push`.
 *
 * @throws {MissingPlatformClientError} when the package `@googleapis/run` is not installed
 */
export async function openCloudRunV2(options: GoogleOptions = {}): Promise<Infrastructure<CloudRunConfiguration>> {
  const library = await loadLibrary('cloud-run-v2');
  const connect = async (config: CloudRunConfiguration): Promise<CloudRunConnection> => {
    const { auth, project } = await signIn(library.auth, config.credentials);
    const rootUrl = googleRootUrl('RUN', 'https://run.googleapis.com/');
    const clientOptions: run_v2.Options = { version: 'v2', auth, rootUrl, retry: false, timeout: REQUEST_TIMEOUT_MS };
    const api = cloudRunV2(library.run(clientOptions), project, config.region);
    return { api, buildJob: (of) => buildJobV2(of) };
  };
  return new CloudRunInfrastructure({ connect, ...options });
}

function loadLibrary(type: string) {
  return loadPlatformClient(type, '@googleapis/run', () => import('@googleapis/run'));
}
