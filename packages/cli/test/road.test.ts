import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aPlace, type Place, printed } from './run-prefect.ts';

const FLOW = `import { flow } from ${JSON.stringify(import.meta.resolve('prefect-ts'))};
export const greet = flow({ name: 'greet' }, async ({ fail = false }: { fail?: boolean }) => {
  if (fail) throw new Error('as asked');
});
`;

let place: Place;
beforeAll(async () => {
  place = aPlace();
  writeFileSync(join(place.home, 'greet.ts'), FLOW);
  const { stdout } = await place.run('server', 'start', '-b', '--port', '0');
  place.env.PREFECT_API_URL = /http:\S+\/api/.exec(stdout)?.[0] ?? '';
  await place.run('work-pool', 'create', 'pool', '--type', 'process');
});
afterAll(async () => {
  await place.run('server', 'stop');
  place.remove();
});

test('what deploy makes, a worker runs, and --watch tells how it ended', async () => {
  const deployed = await place.run('deploy', 'greet.ts:greet', '--name', 'daily', '--pool', 'pool', '--cron', '0 0 1 1 *');
  expect(deployed).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Deployment 'greet\/daily' successfully created with id '\S+'\.\n/),
  });
  expect(deployed.stdout).toContain("\t$ prefect worker start --pool 'pool'\n");
  const worker = place.start('worker', 'start', '--pool', 'pool');
  worker.stderr?.resume();
  await printed(worker, /started!\n/);
  try {
    const good = await place.run('deployment', 'run', 'greet/daily', '--watch');
    expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/finished in state Completed\.\n$/) });
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'close');
  }
});

test('a run is executed here and now, and its failure is that of the command', async () => {
  await place.run('deploy', 'greet.ts:greet', '--name', 'here', '--pool', 'pool', '--param', 'fail=true');
  await place.run('deployment', 'run', 'greet/here', '--flow-run-name', 'bad');
  const [run] = await place
    .json<FlowRunResponse[]>('flow-run', 'ls', '--flow-name', 'greet', '--state', 'scheduled', '--limit', '200')
    .then((runs) => runs.filter(({ name }) => name === 'bad'));
  await place.run('flow-run', 'execute', run?.id ?? '');
  expect(await place.json('flow-run', 'inspect', run?.id ?? '')).toMatchObject({ state_type: 'FAILED' });
});

test.each([
  ['no name', ['greet.ts:greet', '--pool', 'pool'], /has no name: give one with --name/],
  ['no pool', ['greet.ts:greet', '--name', 'x'], /names no work pool/],
  ['a pool that is not there', ['greet.ts:greet', '--name', 'x', '--pool', 'nope'], /work pool 'nope' which does not exist/],
  ['nothing to deploy', [], /^Nothing was deployed\.\n {2}Give an entrypoint/],
  ['a flow that is not there', ['greet.ts:nobody', '--name', 'x', '--pool', 'pool'], /nobody/],
])('deploy with %s says so', async (_, args, said) => {
  const { code, stderr } = await place.run('deploy', ...args);
  expect([code, stderr]).toEqual([1, expect.stringMatching(said)]);
});
