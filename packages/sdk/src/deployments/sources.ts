import { resolve } from 'node:path';

/** Where workers get the code of a deployment from: pull steps, as plain data. */
export interface CodeSource {
  readonly pullSteps: readonly Readonly<Record<string, unknown>>[];
}

export interface GitOptions {
  branch?: string;
  commit?: string;
  submodules?: boolean;
  /** Only these folders are fetched. */
  directories?: readonly string[];
  /** A reference such as `{{ prefect.blocks.secret.git-token }}`: a token itself would stand in the deployment for all to read. */
  accessToken?: `{{${string}}}`;
}

/**
 * A git repository.
 *
 * @example git('https://example.org/etl.git', { branch: 'main' })
 */
export function git(repository: string, options: GitOptions = {}): CodeSource {
  const inputs = {
    repository,
    ...(options.branch === undefined ? {} : { branch: options.branch }),
    ...(options.commit === undefined ? {} : { commit_sha: options.commit }),
    ...(options.submodules ? { include_submodules: true } : {}),
    ...(options.directories ? { directories: [...options.directories] } : {}),
    ...(options.accessToken === undefined ? {} : { access_token: options.accessToken }),
  };
  return { pullSteps: [{ 'prefect.deployments.steps.git_clone': inputs }] };
}

/** A folder of the machine that the worker runs on. */
export function folder(path: string): CodeSource {
  return { pullSteps: [{ 'prefect.deployments.steps.set_working_directory': { directory: resolve(path) } }] };
}
