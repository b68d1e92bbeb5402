import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../job-template/placeholders.ts';
import { runCommand } from './run-command.ts';
import type { Step, StepContext } from './run-steps.ts';

/** A repository could not be cloned; the message never shows credentials. */
export class GitCloneError extends Error {
  override readonly name = 'GitCloneError';
}

const ATTEMPTS = 3;

/**
 * Clones a repository beside the current folder, or brings a clone that is there up to date. Inputs: `repository`, `branch`,
 * `commit_sha`, `include_submodules`, `access_token` or `credentials`, `directories`, `clone_directory_name`. Output: `directory`.
 */
export const gitClone: Step = async (inputs, context) => {
  const source = readSource(inputs);
  const directory = join(context.directory, source.folder);
  await mkdir(context.directory, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    try {
      if (!(await updateClone(source, directory, context))) await makeClone(source, directory, context);
      return { directory };
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof GitCloneError)) throw error;
      await sleep(1000 * 3 ** (attempt - 1));
    }
  }
};

interface GitSource {
  url: string;
  secret: string | undefined;
  branch: string | undefined;
  commit: string | undefined;
  submodules: boolean;
  directories: string[];
  folder: string;
}

function readSource(inputs: Readonly<Record<string, unknown>>): GitSource {
  const repository = String(inputs.repository);
  if (inputs.access_token && inputs.credentials) {
    throw new Error('Give `access_token` or `credentials` to git_clone, not both.');
  }
  const branch = textOf(inputs.branch);
  const commit = textOf(inputs.commit_sha);
  if (branch && commit) throw new Error('Give `branch` or `commit_sha` to git_clone, not both.');
  const credentials = isRecord(inputs.credentials) ? inputs.credentials : {};
  const token = textOf(inputs.access_token) ?? textOf(credentials.access_token) ?? textOf(credentials.token);
  const user = textOf(credentials.username);
  const suffix = (branch ?? commit ?? '').replaceAll('/', '-');
  const repositoryName = (repository.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? 'repository').replace(/\.git$/, '');
  return {
    url: withCredentials(repository, token, user),
    secret: token && encodeURIComponent(token),
    branch,
    commit,
    submodules: inputs.include_submodules === true,
    directories: Array.isArray(inputs.directories) ? inputs.directories.map(String) : [],
    folder: textOf(inputs.clone_directory_name) ?? (suffix ? `${repositoryName}-${suffix}` : repositoryName),
  };
}

/** Puts credentials into a URL in the form that its host wants. */
export function withCredentials(repository: string, token: string | undefined, user: string | undefined): string {
  if (!token || !/^https?:/.test(repository)) return repository;
  const url = new URL(repository);
  const write = (name: string, password: string) => `${url.protocol}//${name}${password}@${url.host}${url.pathname}${url.search}`;
  const secret = encodeURIComponent(token);
  if (user) return write(`${encodeURIComponent(user)}:`, secret);
  if (url.host.includes('bitbucketserver')) {
    const [name = '', ...rest] = token.split(':');
    if (rest.length === 0) throw new Error('Bitbucket Server wants the token of git_clone in the form `user:token`.');
    return write(`${encodeURIComponent(name)}:`, encodeURIComponent(rest.join(':')));
  }
  if (url.host.includes('bitbucket')) return write('x-token-auth:', secret);
  if (url.host.includes('gitlab'))
    return token.includes(':') ? write('', token.split(':').map(encodeURIComponent).join(':')) : write('oauth2:', secret);
  return write('', secret);
}

async function updateClone(source: GitSource, directory: string, context: StepContext): Promise<boolean> {
  if (!(await exists(join(directory, '.git')))) return false;
  try {
    if (source.commit) {
      await git(source, ['fetch', '--depth', '1', 'origin', source.commit], directory, context);
      await git(source, ['checkout', source.commit], directory, context);
    } else {
      await git(source, ['fetch', '--depth', '1', source.url, source.branch ?? 'HEAD'], directory, context);
      await git(source, ['reset', '--hard', 'FETCH_HEAD'], directory, context);
    }
    if (source.submodules) await git(source, ['submodule', 'update', '--init', '--recursive'], directory, context);
    return true;
  } catch (error) {
    if (!(error instanceof GitCloneError)) throw error;
    await rm(directory, { recursive: true, force: true });
    return false;
  }
}

async function makeClone(source: GitSource, directory: string, context: StepContext): Promise<void> {
  const args = ['clone'];
  if (source.commit) args.push('--filter=blob:none', '--no-checkout');
  else args.push('--depth', '1', ...(source.branch ? ['--branch', source.branch] : []));
  if (source.directories.length > 0) args.push('--sparse');
  if (source.submodules) args.push('--recurse-submodules');
  await git(source, [...args, source.url, directory], context.directory, context);
  if (source.directories.length > 0) await git(source, ['sparse-checkout', 'set', ...source.directories], directory, context);
  if (source.commit) {
    await git(source, ['fetch', 'origin', source.commit], directory, context);
    await git(source, ['checkout', source.commit], directory, context);
  }
}

async function git(source: GitSource, args: string[], cwd: string, context: StepContext): Promise<void> {
  const env = { ...context.env, GIT_TERMINAL_PROMPT: '0' };
  const { code, stderr } = await runCommand('git', args, { cwd, env });
  if (code !== 0) throw new GitCloneError(`git ${args[0]} failed with code ${code}: ${hide(stderr.trim(), source.secret)}`);
}

function hide(text: string, secret: string | undefined): string {
  return secret ? text.replaceAll(secret, '***').replaceAll(decodeURIComponent(secret), '***') : text;
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
