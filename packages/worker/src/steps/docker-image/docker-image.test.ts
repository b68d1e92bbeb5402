import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runSteps, type StepDefinition } from '../run-steps.ts';

interface EngineCall {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

let directory: string;
let engine: Server;
let calls: EngineCall[];
/** What the engine tells of its work, by the start of the path. */
let progress: Record<string, object[]>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'image-'));
  calls = [];
  progress = { '/build': [{ stream: 'Step 1/1 : FROM x\n' }, { aux: { ID: 'sha256:abc' } }] };
  engine = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://engine');
    calls.push({ url, headers: request.headers, body: Buffer.concat(chunks) });
    const events = Object.entries(progress).find(([start]) => url.pathname.includes(start))?.[1] ?? [];
    response.writeHead(url.pathname.endsWith('/tag') ? 201 : 200, { 'content-type': 'application/json' });
    response.end(events.map((event) => `${JSON.stringify(event)}\r\n`).join(''));
  }).listen(0, '127.0.0.1');
  await once(engine, 'listening');
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  engine.closeAllConnections();
  engine.close();
  await rm(directory, { recursive: true });
});

const references = { blockById: async () => ({}), blockByName: async () => ({}), variable: async () => undefined };
const run = async (...steps: StepDefinition[]) =>
  (await runSteps({ steps, directory, references, print: () => undefined })).outputs;
const build = (inputs: Record<string, unknown>) => ({
  'prefect_docker.deployments.steps.build_docker_image': { id: 'build', ...inputs },
});
const push = (inputs: Record<string, unknown>) => ({ 'prefect_docker.deployments.steps.push_docker_image': inputs });
const query = (call: EngineCall | undefined) => Object.fromEntries(call?.url.searchParams ?? []);

describe('build_docker_image', () => {
  test('sends the folder to the engine, and tells what came of it', async () => {
    await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\n');
    await writeFile(join(directory, 'etl.ts'), 'the flow');
    await writeFile(join(directory, 'secret.env'), 'the secret');
    await writeFile(join(directory, '.dockerignore'), '*.env\n');
    const inputs = {
      image_name: 'repo/etl',
      tag: 'v1',
      additional_tags: ['latest'],
      buildargs: { A: '1' },
      platform: 'linux/arm64',
    };
    const { build: outputs } = await run(build(inputs));
    expect(outputs).toEqual({
      image_name: 'repo/etl',
      tag: 'v1',
      image: 'repo/etl:v1',
      image_id: 'sha256:abc',
      additional_tags: ['latest'],
    });
    expect(query(calls[0])).toEqual({
      dockerfile: 'Dockerfile',
      t: 'repo/etl:v1',
      buildargs: '{"A":"1"}',
      platform: 'linux/arm64',
    });
    const sent = gunzipSync(calls[0]?.body ?? '').toString();
    expect(sent).toContain('the flow');
    expect(sent).not.toContain('the secret');
    expect(calls[1]?.url.pathname).toMatch(/\/images\/sha256:abc\/tag$/);
    expect(query(calls[1])).toEqual({ repo: 'repo/etl', tag: 'latest' });
  });

  test('builds the same inputs once', async () => {
    await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\n');
    const first = await run(build({ image_name: 'etl' }), build({ image_name: 'etl' }));
    expect(first.tag).toMatch(/^\d{4}-\d\d-\d\dt/);
    expect(calls).toHaveLength(1);
    await run(build({ image_name: 'etl', ignore_cache: true }));
    expect(calls).toHaveLength(2);
  });

  test.each([
    ['package.json', '{}', /^FROM node:24[\s\S]*npm install/],
    ['requirements.txt', 'httpx', /^FROM prefecthq\/prefect:3\.[\s\S]*pip install[\s\S]*WORKDIR \/opt\/prefect\/image-/],
  ])('writes a Dockerfile for a project with %s', async (name, content, expected) => {
    await writeFile(join(directory, name), content);
    await run(build({ image_name: 'etl', dockerfile: 'auto', persist_dockerfile: true }));
    expect(await readFile(join(directory, 'Dockerfile'), 'utf8')).toMatch(expected);
    await expect(run(build({ image_name: 'etl', dockerfile: 'auto' }))).rejects.toThrow(/There is a Dockerfile/);
  });

  test('leaves no Dockerfile behind, and says what the engine said, when it fails', async () => {
    progress['/build'] = [{ stream: 'Step 1\n' }, { errorDetail: { message: 'no such base' }, error: 'no such base' }];
    await mkdir(join(directory, 'src'));
    await expect(run(build({ image_name: 'etl', dockerfile: 'auto' }))).rejects.toThrow(/build_docker_image: no such base/);
    expect(await readdir(directory)).toEqual(['src']);
  });
});

describe('push_docker_image', () => {
  test('pushes all tags of what was built, with credentials', async () => {
    const credentials = { username: 'ann', password: 'p', registry_url: 'registry.example.org' };
    const outputs = await run(
      push({ image_name: 'registry.example.org/etl', tag: 'v1', additional_tags: ['latest'], credentials }),
    );
    expect(outputs).toMatchObject({ image: 'registry.example.org/etl:v1', tag: 'v1', additional_tags: ['latest'] });
    expect(calls.map(({ url }) => url.searchParams.get('tag'))).toEqual(['v1', 'latest']);
    const auth = JSON.parse(Buffer.from(String(calls[0]?.headers['x-registry-auth']), 'base64').toString());
    expect(auth).toEqual({ username: 'ann', password: 'p', serveraddress: 'registry.example.org' });
  });

  test('says what the registry said when it refuses', async () => {
    progress['/push'] = [{ errorDetail: { message: 'denied' }, error: 'denied: no access' }];
    await expect(run(push({ image_name: 'etl', tag: 'v1' }))).rejects.toThrow(/push_docker_image: denied/);
  });
});
