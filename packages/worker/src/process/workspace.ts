import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DeploymentResponse } from '@prefect-ts/protocol';
import type { ReferenceSource } from '../job-template/references.ts';
import { runSteps, type StepReport } from '../steps/run-steps.ts';

export interface WorkspaceOptions {
  deployment: DeploymentResponse | undefined;
  /** The folder that the pool or run names; a temporary one is made when there is none and the deployment's code is not on this machine. */
  workingDir: string | undefined;
  /** Whether to run the deployment's pull steps here; an engine that runs them itself gets an empty folder. */
  pull: boolean;
  references: ReferenceSource;
  env: Readonly<Record<string, string | undefined>>;
  onStep?: (report: StepReport) => void;
}

/** The folder that a run executes in. */
export interface Workspace {
  readonly directory: string;
  /** Removes what was made for the run. */
  remove(): Promise<void>;
}

/** The folder of a deployment's code is not on this machine. */
export class MissingCodeError extends Error {
  override readonly name = 'MissingCodeError';
}

/** Makes the folder for a run and brings the deployment's code there. */
export async function prepareWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { deployment, workingDir, pull } = options;
  const steps = deployment?.pull_steps ?? [];
  if (workingDir !== undefined) await checkFolder(workingDir);
  const path = pull && steps.length === 0 ? localPath(deployment, workingDir) : undefined;
  if (path !== undefined) {
    await access(path).catch(() => {
      const hint = 'deploy with pull steps, or start the worker where the code is';
      throw new MissingCodeError(
        `The code of deployment '${deployment?.name}' is not here: there is no folder ${path}; ${hint}.`,
      );
    });
    return { directory: path, remove: async () => undefined };
  }
  const temporary = workingDir === undefined ? await mkdtemp(join(tmpdir(), 'prefect-')) : undefined;
  const remove = async (): Promise<void> => {
    if (temporary) await rm(temporary, { recursive: true, force: true });
  };
  const start = temporary ?? resolve(workingDir ?? '.');
  if (!pull || steps.length === 0) return { directory: start, remove };
  try {
    const { directory } = await runSteps({ ...options, steps, directory: start });
    return { directory, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** A process whose folder is missing would only be told to be missing itself. */
async function checkFolder(folder: string): Promise<void> {
  await access(folder).catch(() => {
    throw new MissingCodeError(`The working directory is not here: there is no folder ${resolve(folder)}.`);
  });
}

/** Code that was deployed from a folder runs in that folder, where its packages are. */
function localPath(deployment: DeploymentResponse | undefined, workingDir: string | undefined): string | undefined {
  if (deployment?.path) return resolve(workingDir ?? '.', deployment.path);
  return undefined;
}
