import { type GoogleOptions, googleRootUrl } from '../google/google-options.ts';
import { signIn } from '../google/sign-in.ts';
import type { Infrastructure } from '../infrastructure.ts';
import { loadPlatformClient } from '../platform-client.ts';
import type { VertexAiConfiguration } from './configuration.ts';
import { CustomJobsApi } from './custom-jobs-api.ts';
import { type VertexAiConnection, VertexAiInfrastructure } from './infrastructure.ts';

/**
 * Vertex AI, for pools of the type `vertex-ai`.
 *
 * @throws {MissingPlatformClientError} when the package `google-auth-library` is not installed
 */
export async function openVertexAi(options: GoogleOptions = {}): Promise<Infrastructure<VertexAiConfiguration>> {
  const library = await loadPlatformClient('vertex-ai', 'google-auth-library', () => import('google-auth-library'));
  const connect = async (config: VertexAiConfiguration): Promise<VertexAiConnection> => {
    const { auth, project, serviceAccount } = await signIn(library, config.credentials);
    const root = googleRootUrl('AIPLATFORM', `https://${config.region}-aiplatform.googleapis.com/`);
    return { api: new CustomJobsApi(auth, root), project, serviceAccount };
  };
  return new VertexAiInfrastructure({ connect, ...options });
}
