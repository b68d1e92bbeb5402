import type Docker from 'dockerode';
import { isRecord } from '../../job-template/placeholders.ts';
import { loadPackage } from '../../optional-package.ts';

/** The engine refused to build or to push. */
export class DockerEngineError extends Error {
  override readonly name = 'DockerEngineError';
}

/** The engine that `DOCKER_HOST` names; default: the one of this machine. */
export async function openEngine(): Promise<Docker> {
  const { default: Client } = await loadPackage('dockerode', 'Building and pushing images', () => import('dockerode'));
  return new Client();
}

/** Reads what the engine tells of its work, to the end. */
export function followEngine(
  docker: Docker,
  progress: NodeJS.ReadableStream,
  onEvent: (event: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // An engine says that it failed in the midst of its progress, with the status of success.
    let failure: DockerEngineError | undefined;
    docker.modem.followProgress(
      progress,
      (error) => {
        if (failure ?? error) reject(failure ?? error);
        else resolve();
      },
      (event: unknown) => {
        if (!isRecord(event)) return;
        if (typeof event.error === 'string') failure ??= new DockerEngineError(event.error);
        onEvent(event);
      },
    );
  });
}
