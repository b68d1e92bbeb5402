import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PrefectError } from '../errors.ts';
import type { Settings } from '../settings/index.ts';

/** An image of a container to build. */
export interface ImageOptions {
  /** Repository, for example `ghcr.io/acme/etl`; the namespace of the settings is put in front of a bare name. */
  readonly name: string;
  /** Default: the time. */
  readonly tag?: string | undefined;
  /** Path of the Dockerfile; false takes an image that is there. Default `Dockerfile`. */
  readonly build?: string | false | undefined;
  /** Whether to push it. Default true. */
  readonly push?: boolean | undefined;
}

/** An image could not be built or pushed. */
export class ImageBuildError extends PrefectError {
  override readonly code = 'IMAGE_BUILD';
}

/** The full name of an image. */
export function imageReference(image: string | ImageOptions, settings: Settings, now: Date = new Date()): string {
  if (typeof image === 'string') return image;
  const namespace = settings.get('PREFECT_DEPLOYMENTS_DEFAULT_DOCKER_BUILD_NAMESPACE');
  const name = image.name.includes('/') || !namespace ? image.name : `${namespace}/${image.name}`;
  const time = now
    .toISOString()
    .replace(/[^0-9]/g, '-')
    .replace(/-+$/, '')
    .toLowerCase();
  return `${name}:${image.tag ?? time}`;
}

/** Builds and pushes an image with the `docker` program of this machine. */
export async function buildImage(image: string | ImageOptions, reference: string, print: (line: string) => void): Promise<void> {
  if (typeof image === 'string') return;
  if (image.build !== false) {
    await docker(['build', '--file', image.build ?? 'Dockerfile', '--tag', reference, '.']);
    print(`Successfully built image '${reference}'`);
  }
  if (image.push === false) return;
  await docker(['push', reference]);
  print(`Successfully pushed image '${reference}'`);
}

async function docker(args: readonly string[]): Promise<void> {
  const child = spawn('docker', args, { stdio: 'inherit' });
  const [code] = await once(child, 'exit').catch((error: unknown) => {
    throw new ImageBuildError('The program `docker` could not be started.', { cause: error, hint: 'Is Docker installed?' });
  });
  if (code !== 0) throw new ImageBuildError(`docker ${args[0]} ended with code ${code}.`);
}
