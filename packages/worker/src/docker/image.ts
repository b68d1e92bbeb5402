import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import type Docker from 'dockerode';
import { entrypointLanguage, type Logger } from 'prefect-ts/runner';
import type { FlowRunToStart } from '../base-worker.ts';
import { type DockerConfiguration, DockerConfigurationError, type ImagePullPolicy } from './configuration.ts';
import { hasStatus } from './engine-errors.ts';

/** The Python of the official images that is used unless an image is set. */
const DEFAULT_PYTHON = '3.12';

/** The image of a run's container could not be had. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}

/** Which image a run's container is made from. There is an official one for Python only. */
export function chooseImage(flowRun: FlowRunToStart, config: DockerConfiguration): string {
  if (config.image) return config.image;
  const entrypoint = flowRun.deployment?.entrypoint ?? '';
  if (config.command === null && entrypointLanguage(entrypoint) === 'typescript') {
    throw new DockerConfigurationError(
      `No image is set. Set the job variable 'image' of the work pool or the deployment to one that holds the code of '${entrypoint}'.`,
    );
  }
  return `prefecthq/prefect:${COMPATIBLE_VERSION}-python${DEFAULT_PYTHON}`;
}

/** Sees to it that the engine has an image, as the pull policy wants it. */
export async function provideImage(
  docker: Docker,
  image: string,
  config: DockerConfiguration,
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<void> {
  const policy = config.image_pull_policy ?? defaultPullPolicy(image);
  if (policy === 'Never') return;
  if (policy === 'IfNotPresent' && (await isThere(docker, image))) return;
  log.info(`Pulling image '${image}'...`);
  try {
    await pull(docker, image, config, signal);
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    if (policy !== 'IfPossible') throw new ImageError(`The image '${image}' could not be pulled: ${message}`);
    log.warning(`The image '${image}' could not be pulled, the one that is there is used: ${message}`);
  }
}

/** A tag that moves is looked for anew each time; one that stands, or a digest, once. */
export function defaultPullPolicy(image: string): ImagePullPolicy {
  const name = image.slice(image.lastIndexOf('/') + 1);
  if (name.includes('@')) return 'IfNotPresent';
  const tag = name.split(':')[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

async function isThere(docker: Docker, image: string): Promise<boolean> {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}

async function pull(docker: Docker, image: string, config: DockerConfiguration, abortSignal: AbortSignal): Promise<void> {
  const credentials = config.registry_credentials;
  const authconfig = credentials && {
    username: credentials.username,
    password: credentials.password,
    serveraddress: credentials.registry_url,
  };
  const progress = await docker.pull(image, { abortSignal, ...(authconfig ? { authconfig } : {}) });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
  });
}
