import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { makeLauncher } from './launcher.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.stop());

/** A launcher whose pools only note what happens to them. */
function aLauncher(open = async (): Promise<void> => {}) {
  const notes: string[] = [];
  const launcher = makeLauncher(
    {
      refusal: (type) => (type === 'modal:push' ? 'there is nothing for it here' : undefined),
      async open(pool, apiUrl) {
        notes.push(`open ${pool.name} ${apiUrl}`);
        await open();
        return { ended: new Promise(() => {}), stop: async () => void notes.push(`stop ${pool.name}`) };
      },
    },
    'http://there/api',
  );
  return { notes, launcher, round: () => launcher.service.run(server.running.core) };
}

const create = (name: string, type: string) => server.request('POST', '/work_pools/', { name, type });

it('serves push and managed pools, once, until they are gone or the server stops', async () => {
  await create('pushed', 'ecs:push');
  await create('ours', 'prefect:managed');
  await create('with-workers', 'process');
  await create('unknown', 'modal:push');
  const { notes, launcher, round } = aLauncher();
  await round();
  await round();
  expect(notes.toSorted()).toEqual(['open ours http://there/api', 'open pushed http://there/api']);
  await server.request('DELETE', '/work_pools/pushed');
  await round();
  expect(notes.slice(2)).toEqual(['stop pushed']);
  await launcher.stop();
  await round();
  expect(notes.slice(3)).toEqual(['stop ours']);
});

it('leaves a pool that cannot be served in peace for a while', async () => {
  await create('pushed', 'ecs:push');
  const { notes, round } = aLauncher(async () => {
    throw new Error('the library is not installed');
  });
  await round();
  await round();
  expect(notes).toHaveLength(1);
});
