import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildDockerImage } from './docker-image/build-docker-image.ts';
import { pushDockerImage } from './docker-image/push-docker-image.ts';
import { gitClone } from './git-clone.ts';
import { npmInstall } from './npm-install.ts';
import {
  pullFromAzureBlobStorage,
  pullFromGcs,
  pullFromS3,
  pushToAzureBlobStorage,
  pushToGcs,
  pushToS3,
} from './object-store/object-store-steps.ts';
import { pullFromRemoteStorage, pullWithBlock } from './object-store/remote-storage.ts';
import { pipInstallRequirements } from './pip-install-requirements.ts';
import { runShellScript } from './run-shell-script.ts';
import type { Step } from './run-steps.ts';

const setWorkingDirectory: Step = async (inputs, context) => ({
  directory: resolve(context.directory, String(inputs.directory)),
});

const LIBRARY: Readonly<Record<string, Step>> = {
  set_working_directory: setWorkingDirectory,
  git_clone: gitClone,
  run_shell_script: runShellScript,
  pip_install_requirements: pipInstallRequirements,
  npm_install: npmInstall,
  pull_from_remote_storage: pullFromRemoteStorage,
  pull_with_block: pullWithBlock,
  build_docker_image: buildDockerImage,
  push_docker_image: pushDockerImage,
  push_to_s3: pushToS3,
  pull_from_s3: pullFromS3,
  push_to_gcs: pushToGcs,
  pull_from_gcs: pullFromGcs,
  push_to_azure_blob_storage: pushToAzureBlobStorage,
  pull_from_azure_blob_storage: pullFromAzureBlobStorage,
};

/** The names under which the steps of the library go, besides their own. */
const PREFIXES = [
  'prefect.deployments.steps.',
  'prefect.deployments.steps.core.',
  'prefect.deployments.steps.pull.',
  'prefect.deployments.steps.utility.',
  'prefect.projects.steps.',
  'prefect_docker.deployments.steps.',
  'prefect_aws.deployments.steps.',
  'prefect_gcp.deployments.steps.',
  'prefect_azure.deployments.steps.',
];

/** There is no step of that name that this program can run. */
export class UnknownStepError extends Error {
  override readonly name = 'UnknownStepError';
}

/**
 * Finds what a step's name means: a step of the library, by the name that Python projects use too, or a function of a module of the
 * project, as `./steps.ts:upload`.
 */
export async function findStep(qualifiedName: string, directory: string): Promise<Step> {
  const prefix = PREFIXES.filter((candidate) => qualifiedName.startsWith(candidate)).sort((a, b) => b.length - a.length)[0] ?? '';
  const name = qualifiedName.slice(prefix.length);
  const step = Object.hasOwn(LIBRARY, name) ? LIBRARY[name] : undefined;
  if (step) return step;
  const own = /^(.+\.[cm]?[jt]s):(\w+)$/.exec(qualifiedName);
  if (!own) {
    const known = Object.keys(LIBRARY).join(', ');
    throw new UnknownStepError(`There is no step '${qualifiedName}'. Known: ${known}, and functions as './steps.ts:name'.`);
  }
  const [, path = '', exported = ''] = own;
  const module: Record<string, unknown> = await import(pathToFileURL(resolve(directory, path)).href);
  const found = module[exported];
  if (typeof found !== 'function') throw new UnknownStepError(`The module ${path} exports no function '${exported}'.`);
  return async (inputs, context) => (await found(inputs, context)) ?? {};
}
