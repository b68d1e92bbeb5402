import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';
import { FOREVER } from '../program.ts';

const { cases, test } = casesOf('environment');

test('the run knows which run, flow and deployment it is, and which worker started it', async (bench, worker) => {
  const id = await bench.startProgram(`
    const names = ['FLOW_RUN_ID', 'FLOW_ID', 'FLOW_NAME', 'DEPLOYMENT_ID', 'WORKER_NAME'];
    await say('known', names.map((name) => process.env['PREFECT__' + name]));`);
  const run = await bench.read(id);
  assert.deepEqual(await bench.hears(id, 'known'), [id, run.flow_id, 'conformance', run.deployment_id, worker.name]);
});

test('the run gets its own variables over those of its deployment', async (bench) => {
  const id = await bench.startProgram(`await say('known', [process.env.A, process.env.B]);`, {
    deploymentEnv: { A: 'deployment', B: 'deployment' },
    variables: { env: { B: 'run' } },
  });
  assert.deepEqual(await bench.hears(id, 'known'), ['deployment', 'run']);
});

test('the settings of the worker come with it, and a null takes one away', async (bench) => {
  const source = `await say('known', process.env.CONFORMANCE_SETTING ?? 'none');`;
  const [kept, taken] = await Promise.all([
    bench.startProgram(source),
    bench.startProgram(source, { deploymentEnv: { CONFORMANCE_SETTING: null } }),
  ]);
  assert.equal(await bench.hears(kept, 'known'), 'of the worker');
  assert.equal(await bench.hears(taken, 'known'), 'none');
});

test('values arrive as they are: quotes, signs, lines, other scripts, nothing', async (bench) => {
  const values = { QUOTES: `'"\`$HOME\\`, SIGNS: '=a=b;c&d|e', LINES: 'one\ntwo', SCRIPTS: 'größe 流 🚀', EMPTY: '' };
  const names = JSON.stringify(Object.keys(values));
  const source = `await say('known', Object.fromEntries(${names}.map((name) => [name, process.env[name] ?? null])));`;
  const id = await bench.startProgram(source, { deploymentEnv: values });
  assert.deepEqual(await bench.hears(id, 'known'), values);
});

test('numbers and lists arrive as text', async (bench) => {
  const id = await bench.startProgram(`await say('known', [process.env.NUMBER, process.env.FLAG]);`, {
    variables: { env: { NUMBER: '5', FLAG: 'true' } },
  });
  assert.deepEqual(await bench.hears(id, 'known'), ['5', 'true']);
});

test('a command is split into words as a shell does', async (bench) => {
  const source = 'await say("words", process.argv.slice(1));';
  const id = await bench.startProgram(source, {
    variables: { command: `${bench.target.node} -e "eval(process.env.CONFORMANCE_PROGRAM)" -- 'two words' plain "it's" a\\ b` },
  });
  assert.deepEqual(await bench.hears(id, 'words'), ['two words', 'plain', "it's", 'a b']);
});

test(
  'the infrastructure carries the labels of the run, and those of the deployment',
  async (bench) => {
    const id = await bench.startProgram(`await begin(); ${FOREVER}`, { variables: { labels: { team: 'conformance' } } });
    await bench.hears(id, 'begun');
    const { labels = {} } = (await bench.target.inspect(await bench.infrastructureOf(id))) ?? {};
    assert.ok(Object.values(labels).includes(id), `no label of ${JSON.stringify(labels)} is the id of the run`);
    assert.ok(Object.values(labels).includes('conformance'), `no label of ${JSON.stringify(labels)} is that of the deployment`);
  },
  { appliesTo: ({ labels = true }) => labels },
);

test(
  'the infrastructure is called as the run is, in words that the platform takes',
  async (bench) => {
    const id = await bench.startProgram(`await begin(); ${FOREVER}`, { name: '_größe/of: “Owl”' });
    await bench.hears(id, 'begun');
    const seen = await bench.target.inspect(await bench.infrastructureOf(id));
    assert.match(seen?.name ?? '', /gro.*owl/i);
  },
  { appliesTo: ({ names = true }) => names },
);

export const environmentCases = cases;
