import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, openBench, type WorkerHandle } from '@prefect-ts/worker/conformance';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../processes.ts';
import { aServerProcess, freePort } from '../server-process.ts';
import { NODE_IMAGE, startDockerEngine } from './docker-engine.ts';
import { dockerTarget } from './docker-target.ts';

const FOREVER = 'await new Promise((never) => setInterval(never, 3_600_000));';
const [engine, server] = await Promise.all([startDockerEngine(), aServerProcess().then((made) => made.start().then(() => made))]);
let bench: Bench;
let worker: WorkerHandle;

beforeAll(async () => {
  bench = await openBench({ target: dockerTarget(engine), serverUrl: server.url });
  worker = await bench.startWorker();
});
afterAll(async () => {
  await bench.close();
  await engine.stop();
  await server.remove();
});

const containerOf = async (flowRunId: string) =>
  engine.client.getContainer((await bench.infrastructureOf(flowRunId)).replace(/^.*:/, ''));

/** Starts a container that goes on, and gives what the engine knows of it. */
async function started(variables: Record<string, unknown>, name?: string) {
  const id = await bench.startProgram(`await begin(); ${FOREVER}`, { variables, ...(name === undefined ? {} : { name }) });
  await bench.hears(id, 'begun');
  const container = await containerOf(id);
  return { id, container, seen: await container.inspect() };
}

test('a container of a network of its own reaches the server of this machine', async () => {
  const id = await bench.startProgram('await say("api", process.env.PREFECT_API_URL); await begin(); await complete();', {
    variables: { network_mode: 'bridge' },
  });
  expect(await bench.hears(id, 'api')).toMatch(/^http:\/\/host\.docker\.internal:\d+\/api$/);
  await bench.reaches(id, 'COMPLETED');
});

test('without a network of its own, a container uses that of the machine, where the server is', async () => {
  const { seen } = await started({});
  expect(seen.HostConfig.NetworkMode).toBe('host');
});

test('a container is connected to each of its networks', async () => {
  const names = ['conformance-one', 'conformance-two'];
  for (const Name of names) await engine.client.createNetwork({ Name });
  const { seen } = await started({ networks: names });
  expect(Object.keys(seen.NetworkSettings.Networks).sort()).toEqual(names);
});

test('a name that is taken gets a number', async () => {
  const first = await started({ name: 'the-one' });
  const second = await started({ name: 'the-one' });
  expect([first.seen.Name, second.seen.Name]).toEqual(['/the-one', '/the-one-1']);
});

test('labels are written as the engine’s users write them', async () => {
  const { id, seen } = await started({ labels: { 'example.com/team': 'blue', plain: 'too' } });
  expect(seen.Config.Labels).toMatchObject({
    'io.prefect.flow-run-id': id,
    'io.prefect.work-pool-name': bench.pool,
    'com.example.team': 'blue',
    plain: 'too',
  });
});

test('limits and further options reach the engine', async () => {
  const { seen } = await started({
    mem_limit: '128m',
    memswap_limit: '256m',
    container_create_kwargs: { cap_drop: ['NET_RAW'], extra_hosts: { db: '10.0.0.1' }, shm_size: '32m', hostname: 'ada' },
  });
  const { HostConfig } = seen;
  expect([HostConfig.Memory, HostConfig.MemorySwap]).toEqual([2 ** 27, 2 ** 28]);
  expect([HostConfig.CapDrop, HostConfig.ExtraHosts, HostConfig.ShmSize]).toEqual([['NET_RAW'], ['db:10.0.0.1'], 2 ** 25]);
  expect(seen.Config.Hostname).toBe('ada');
});

test('a container that may not stay is removed, and its exit is known all the same', async () => {
  const id = await bench.startProgram('await begin(); process.exit(6);', { variables: { auto_remove: true } });
  expect((await bench.reaches(id, 'CRASHED')).state?.message).toMatch(/status code 6\./);
  await bench.eventually(
    'the container is gone',
    async () => (await bench.target.inspect(await bench.infrastructureOf(id))) === undefined,
  );
});

test('a container that needs too much memory has crashed, with its limit in the message', async () => {
  const source = 'await begin(); const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1));';
  const id = await bench.startProgram(source, { variables: { mem_limit: '96m', memswap_limit: '96m' } });
  expect((await bench.reaches(id, 'CRASHED')).state?.message).toBe(
    'Flow run infrastructure exited with non-zero status code 137. The container was ended because it used more memory than its limit of 96m.',
  );
});

test('a program that ends well without its run having begun leaves no run pending for ever', async () => {
  const id = await bench.startProgram('process.exit(0);');
  expect((await bench.reaches(id, 'CRASHED')).state?.message).toBe(
    'Flow run infrastructure exited with status code 0. The run never began.',
  );
});

test('a container is left alone after the time for which it is watched', async () => {
  const { container } = await started({ container_wait_timeout: 1 });
  await bench.eventually('the worker lets go', async () => worker.output.includes('is not watched any more after 1 s'));
  expect((await container.inspect()).State.Running).toBe(true);
});

test('a container whose worker died before it could tell of it is found by its label', async () => {
  const other = await openBench({ target: dockerTarget(engine), serverUrl: server.url });
  try {
    const before = await other.startWorker({ name: 'phoenix' });
    const id = await other.startProgram(`await begin(); ${FOREVER}`);
    await other.hears(id, 'begun');
    const infrastructure = await other.infrastructureOf(id);
    await before.kill();
    await other.client.call('PATCH /flow_runs/{id}', { path: { id }, body: { infrastructure_pid: null } });
    const back = await other.startWorker({ name: 'phoenix' });
    expect(await other.infrastructureOf(id)).toBe(infrastructure);
    await other.eventually('it is watched', async () => back.output.includes('is watched again'));
  } finally {
    await other.close();
  }
});

test('what happens to a container is told in events', async () => {
  const { id, seen } = await started({});
  const event = await bench.eventually('the event is there', async () => {
    const filter = { event: { name: ['prefect.docker.container.running'] }, related: { id: [`prefect.flow-run.${id}`] } };
    return (await bench.client.call('POST /events/filter', { body: { filter } })).events[0];
  });
  expect(event.resource['prefect.resource.id']).toBe(`prefect.docker.container.${seen.Id}`);
});

test('an image is pulled from its registry, each time, once or never, as the policy says', async () => {
  const registry = await startRegistry();
  const image = `${registry.address}/flows/conformance:1`;
  try {
    await pushAs(image);
    const run = (image_pull_policy: string, wanted = image) =>
      bench.startProgram('await begin(); await complete();', { variables: { image: wanted, image_pull_policy } });
    expect((await bench.reaches(await run('Never'), 'CRASHED')).state?.message).toContain(`No such image: ${image}`);
    await bench.reaches(await run('IfNotPresent'), 'COMPLETED');
    expect(worker.output).toContain(`Pulling image '${image}'...`);
    await bench.reaches(await run('Always'), 'COMPLETED');
    await bench.reaches(await run('Never'), 'COMPLETED');
  } finally {
    await registry.stop();
  }
  const later = (image_pull_policy: string) =>
    bench.startProgram('await begin(); await complete();', { variables: { image, image_pull_policy } });
  expect((await bench.reaches(await later('Always'), 'CRASHED')).state?.message).toMatch(
    /^Failed to submit flow run to infrastructure: ImageError: The image '.*' could not be pulled: /,
  );
  await bench.reaches(await later('IfPossible'), 'COMPLETED');
  expect(worker.output).toContain('could not be pulled, the one that is there is used');
});

/** Puts the image of the suite into a registry, and takes it from the engine. */
async function pushAs(image: string): Promise<void> {
  const [, repo = '', tag = ''] = /^(.*):([^:]+)$/.exec(image) ?? [];
  await engine.client.getImage(NODE_IMAGE).tag({ repo, tag });
  const pushed = await engine.client.getImage(image).push({ authconfig: {} });
  await new Promise<void>((resolve, reject) => {
    engine.client.modem.followProgress(pushed, (error) => (error ? reject(error) : resolve()));
  });
  await engine.client.getImage(image).remove();
}

async function startRegistry(): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'prefect-registry-'));
  const address = `127.0.0.1:${await freePort()}`;
  const settings = { version: '0.1', storage: { filesystem: { rootdirectory: folder } }, http: { addr: address } };
  await writeFile(join(folder, 'registry.yml'), JSON.stringify(settings));
  const registry: ChildProcess = spawn('docker-registry', ['serve', join(folder, 'registry.yml')], { stdio: 'ignore' });
  await eventually('the registry answers', () =>
    fetch(`http://${address}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return {
    address,
    async stop() {
      const exited = once(registry, 'exit');
      registry.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
