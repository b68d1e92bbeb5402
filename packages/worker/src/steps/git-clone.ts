import { access, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../job-template/placeholders.ts';
import { whileLocked } from './folder-lock.ts';
import { gitEnvironment, withoutCredentials } from './git-credentials.ts';
import { runCommand } from './run-command.ts';
import type { Step, StepContext } from './run-steps.ts';

/** A repository could not be cloned; the message never shows credentials. */
export class GitCloneError extends Error {
  override readonly name = 'GitCloneError';
}

/** The folder of a clone holds another repository. */
export class OtherRepositoryError extends Error {
  override readonly name = 'OtherRepositoryError';
}

const ATTEMPTS = 3;

/**
 * Clones a repository beside the current folder, or brings a clone that is there up to date. Inputs: `repository`, `branch`,
 * `commit_sha`, `include_submodules`, `access_token` or `credentials`, `directories`, `clone_directory_name`. Output: `directory`.
 */
export const gitClone: Step = async (inputs, context) => {
  const source = readSource(inputs, context);
  const directory = join(context.directory, source.folder);
  await mkdir(dirname(directory), { recursive: true });
  return whileLocked(directory, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (!(await updateClone(source, directory))) await makeClone(source, directory);
        return { directory };
      } catch (error) {
        if (attempt === ATTEMPTS || !(error instanceof GitCloneError)) throw error;
        await sleep(1000 * 3 ** (attempt - 1));
      }
    }
  });
};

interface GitSource {
  /** Where it is, without credentials when those are given apart. */
  url: string;
  /** What git runs with; holds the credentials. */
  env: Readonly<Record<string, string | undefined>>;
  /** What no message may show. */
  secrets: string[];
  branch: string | undefined;
  commit: string | undefined;
  submodules: boolean;
  directories: string[];
  folder: string;
}

function readSource(inputs: Readonly<Record<string, unknown>>, { env }: StepContext): GitSource {
  const repository = textOf(inputs.repository);
  if (!repository) throw new Error('git_clone needs the input `repository`.');
  if (inputs.access_token && inputs.credentials) {
    throw new Error('Give `access_token` or `credentials` to git_clone, not both.');
  }
  const branch = textOf(inputs.branch);
  const commit = textOf(inputs.commit_sha);
  if (branch && commit) throw new Error('Give `branch` or `commit_sha` to git_clone, not both.');
  const credentials = isRecord(inputs.credentials) ? inputs.credentials : {};
  const given = [inputs.access_token, credentials.access_token, credentials.token, credentials.password];
  const token = given.map(textOf).find(Boolean);
  const suffix = (branch ?? commit ?? '').replaceAll('/', '-');
  const name = (repository.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '').replace(/\.git$/, '') || 'repository';
  return {
    url: token ? withoutCredentials(repository) : repository,
    env: gitEnvironment(env, repository, token, textOf(credentials.username)),
    secrets: [token, passwordIn(repository)].filter((secret) => secret !== undefined),
    branch,
    commit,
    submodules: inputs.include_submodules === true,
    directories: Array.isArray(inputs.directories) ? inputs.directories.map(String) : [],
    folder: textOf(inputs.clone_directory_name) ?? (suffix ? `${name}-${suffix}` : name),
  };
}

function passwordIn(repository: string): string | undefined {
  if (!/^https?:/.test(repository)) return undefined;
  const { username, password } = new URL(repository);
  return textOf(decodeURIComponent(password || username));
}

/** Brings a clone up to date; false where there is none that is of use. */
async function updateClone(source: GitSource, directory: string): Promise<boolean> {
  if (!(await exists(join(directory, '.git')))) return false;
  const origin = await git(source, ['config', '--get', 'remote.origin.url'], directory).catch(() => undefined);
  if (origin !== undefined && withoutCredentials(origin.trim()) !== withoutCredentials(source.url)) {
    throw new OtherRepositoryError(
      `The folder ${directory} holds a clone of ${withoutCredentials(origin.trim())}, not of ${withoutCredentials(source.url)}. ` +
        'Give git_clone another `clone_directory_name`.',
    );
  }
  try {
    await narrow(source, directory);
    await git(source, ['fetch', '--depth', '1', source.url, source.commit ?? source.branch ?? 'HEAD'], directory);
    await git(source, ['reset', '--hard', 'FETCH_HEAD'], directory);
    await fetchSubmodules(source, directory);
    return true;
  } catch (error) {
    if (!(error instanceof GitCloneError)) throw error;
    await rm(directory, { recursive: true, force: true });
    return false;
  }
}

async function makeClone(source: GitSource, directory: string): Promise<void> {
  const args = ['clone'];
  if (source.commit) args.push('--filter=blob:none', '--no-checkout');
  else args.push('--depth', '1', ...(source.branch ? ['--branch', source.branch] : []));
  if (source.directories.length > 0) args.push('--sparse');
  await git(source, [...args, source.url, directory], dirname(directory));
  await narrow(source, directory);
  if (source.commit) {
    await git(source, ['fetch', 'origin', source.commit], directory);
    await git(source, ['checkout', source.commit], directory);
  }
  await fetchSubmodules(source, directory);
}

/** Only the wanted folders are checked out. */
async function narrow(source: GitSource, directory: string): Promise<void> {
  if (source.directories.length > 0) await git(source, ['sparse-checkout', 'set', ...source.directories], directory);
}

async function fetchSubmodules(source: GitSource, directory: string): Promise<void> {
  if (source.submodules) await git(source, ['submodule', 'update', '--init', '--recursive'], directory);
}

async function git(source: GitSource, args: string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand('git', args, { cwd, env: source.env });
  if (code !== 0) throw new GitCloneError(`git ${args[0]} failed with code ${code}: ${hide(stderr.trim(), source.secrets)}`);
  return stdout;
}

function hide(text: string, secrets: readonly string[]): string {
  const spellings = secrets.flatMap((secret) => [
    encodeURIComponent(secret),
    secret.split(':').map(encodeURIComponent).join(':'),
    secret,
  ]);
  return spellings.reduce((hidden, secret) => hidden.replaceAll(secret, '***'), text);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
