import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gitClone, OtherRepositoryError } from './git-clone.ts';
import { runCommand } from './run-command.ts';
import type { StepContext } from './run-steps.ts';

let root: string;
let clones: string;
let server: Server;
let url: string;
const TOKEN = 's3cret/+';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'git-'));
  clones = join(root, 'clones');
  server = serveRepositories(root, TOKEN);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true });
});

/** Git's own server, behind a token. */
function serveRepositories(folder: string, token: string): Server {
  return createServer((request, response) => {
    const [, given = ''] = (request.headers.authorization ?? '').split(' ');
    if (!Buffer.from(given, 'base64').toString().includes(token)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
      return;
    }
    const { pathname, search } = new URL(request.url ?? '/', 'http://x');
    const backend = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        REMOTE_USER: 'x',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    });
    request.pipe(backend.stdin);
    const chunks: Buffer[] = [];
    backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    backend.on('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      for (const line of output.subarray(0, end).toString().split('\r\n')) {
        const [name = '', value = ''] = line.split(': ');
        if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.end(output.subarray(end + 4));
    });
  });
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'protocol.file.allow=always'];
  const { code, stdout, stderr } = await runCommand('git', [...identity, ...args], { cwd });
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Makes a repository with files, or another commit of one. */
async function commit(name: string, files: Record<string, string>): Promise<string> {
  const folder = join(root, name);
  const isNew = await mkdir(folder, { recursive: true });
  if (isNew) {
    await git(folder, 'init', '-b', 'main');
    for (const rule of ['uploadpack.allowAnySHA1InWant', 'uploadpack.allowFilter']) await git(folder, 'config', rule, 'true');
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await git(folder, 'add', '.');
  await git(folder, 'commit', '-m', 'more');
  return git(folder, 'rev-parse', 'HEAD');
}

const references: StepContext['references'] = {
  blockById: async () => ({}),
  blockByName: async () => ({}),
  variable: async () => undefined,
};
const clone = async (inputs: Record<string, unknown>): Promise<string> => {
  const { directory } = await gitClone(inputs, { directory: clones, env: process.env, print: () => undefined, references });
  return String(directory);
};
const read = (directory: string, path: string) => readFile(join(directory, path), 'utf8');

describe('git_clone', () => {
  test('signs in with a token, or with a block, and leaves neither in the clone', async () => {
    await commit('code', { 'flow.ts': 'one' });
    const directory = await clone({ repository: `${url}/code/.git`, access_token: TOKEN, clone_directory_name: 'by-token' });
    expect(await read(directory, 'flow.ts')).toBe('one');
    const credentials = { username: 'ann', token: TOKEN };
    const byBlock = await clone({ repository: `${url}/code/.git`, credentials, clone_directory_name: 'by-block' });
    for (const config of [await read(directory, '.git/config'), await read(byBlock, '.git/config')]) {
      expect(config).toContain(url);
      expect(decodeURIComponent(config)).not.toContain(TOKEN);
    }
    await commit('code', { 'flow.ts': 'two' });
    await clone({ repository: `${url}/code/.git`, access_token: TOKEN, clone_directory_name: 'by-token' });
    expect(await read(directory, 'flow.ts')).toBe('two');
  });

  test('signs in to submodules of the same host', async () => {
    await commit('part', { 'part.ts': 'part' });
    await commit('whole', { 'flow.ts': 'whole' });
    await git(join(root, 'whole'), 'submodule', 'add', join(root, 'part'), 'lib');
    await commit('whole', { '.gitmodules': `[submodule "lib"]\n\tpath = lib\n\turl = ${url}/part/.git\n` });
    const inputs = { repository: `${url}/whole/.git`, branch: 'main', access_token: TOKEN };
    const without = await clone(inputs);
    expect(await readdir(join(without, 'lib'))).toEqual([]);
    const directory = await clone({ ...inputs, include_submodules: true });
    expect(await read(directory, 'lib/part.ts')).toBe('part');
  });

  test('checks out the commit that is asked for, and another one later', async () => {
    const first = await commit('code', { 'flow.ts': 'one' });
    const second = await commit('code', { 'flow.ts': 'two' });
    await commit('code', { 'flow.ts': 'three' });
    const inputs = { repository: `${url}/code/.git`, access_token: TOKEN, clone_directory_name: 'pinned' };
    const directory = await clone({ ...inputs, commit_sha: first });
    expect(await read(directory, 'flow.ts')).toBe('one');
    await clone({ ...inputs, commit_sha: second });
    expect(await read(directory, 'flow.ts')).toBe('two');
    expect(await clone({ ...inputs, commit_sha: first, clone_directory_name: null })).toBe(join(clones, `repository-${first}`));
  });

  test('brings only the wanted folders', async () => {
    await commit('code', { 'a/x.ts': 'a', 'b/y.ts': 'b', 'c/z.ts': 'c', 'root.ts': 'r' });
    const inputs = { repository: `file://${root}/code`, directories: ['a'] };
    const directory = await clone(inputs);
    expect((await readdir(directory)).sort()).toEqual(['.git', 'a', 'root.ts']);
    await clone({ ...inputs, directories: ['b', 'c'] });
    expect((await readdir(directory)).sort()).toEqual(['.git', 'b', 'c', 'root.ts']);
  });

  test('follows a branch whose history was written anew', async () => {
    await commit('code', { 'flow.ts': 'one' });
    const inputs = { repository: `file://${root}/code`, branch: 'main' };
    const directory = await clone(inputs);
    await writeFile(join(directory, 'flow.ts'), 'changed by a run');
    await writeFile(join(root, 'code/flow.ts'), 'rewritten');
    await git(join(root, 'code'), 'commit', '-a', '--amend', '-m', 'anew');
    await clone(inputs);
    expect(await read(directory, 'flow.ts')).toBe('rewritten');
  });

  test('leaves a clone of another repository alone', async () => {
    await commit('code', { 'flow.ts': 'one' });
    await commit('other', { 'flow.ts': 'other' });
    const directory = await clone({ repository: `file://${root}/code`, clone_directory_name: 'here' });
    const again = clone({ repository: `file://${root}/other`, clone_directory_name: 'here' });
    await expect(again).rejects.toThrow(OtherRepositoryError);
    expect(await read(directory, 'flow.ts')).toBe('one');
  });

  test('is done once at a time in a folder', async () => {
    await commit('code', { 'flow.ts': 'one' });
    const inputs = { repository: `file://${root}/code` };
    const directories = await Promise.all([clone(inputs), clone(inputs), clone(inputs)]);
    expect(new Set(directories).size).toBe(1);
    expect((await readdir(clones)).sort()).toEqual(['code']);
  });

  test('does not wait for a process that is gone', async () => {
    await commit('code', { 'flow.ts': 'one' });
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await mkdir(clones);
    await writeFile(join(clones, 'code.lock'), String(child.pid));
    expect(await read(await clone({ repository: `file://${root}/code` }), 'flow.ts')).toBe('one');
  });

  test.each([
    [{ repository: 'https://x/y', access_token: 'a', credentials: { token: 'b' } }, /not both/],
    [{ repository: 'https://x/y', branch: 'a', commit_sha: 'b' }, /not both/],
    [{}, /needs the input `repository`/],
  ])('refuses %j', async (inputs, message) => {
    await expect(clone(inputs)).rejects.toThrow(message);
  });

  test('shows no token when it fails', async () => {
    const failure = await clone({ repository: `${url}/none/.git`, access_token: TOKEN }).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'GitCloneError', message: expect.stringMatching(/^git clone failed with code 128/) });
    expect(decodeURIComponent(String(failure))).not.toContain(TOKEN);
  });
});
