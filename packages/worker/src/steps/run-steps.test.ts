import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReferenceSource } from '../job-template/references.ts';
import { runCommand, splitWords } from './run-command.ts';
import { InvalidStepError, runSteps, type StepDefinition, StepExecutionError, type StepReport } from './run-steps.ts';

const references: ReferenceSource = {
  blockById: async () => ({}),
  blockByName: async () => ({ value: 't0ken' }),
  variable: async () => 'from-variable',
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'steps-'));
});
afterEach(() => rm(directory, { recursive: true }));

const run = (steps: StepDefinition[], onStep?: (report: StepReport) => void) =>
  runSteps({ steps, directory, references, print: () => undefined, ...(onStep ? { onStep } : {}) });

const script = (text: string, more: Record<string, unknown> = {}) => ({
  'prefect.deployments.steps.run_shell_script': { script: text, ...more },
});

describe('runSteps', () => {
  test('gives the outputs of each step to those after it, by name and by id', async () => {
    const { outputs } = await run([script('echo one', { id: 'first' }), script('echo {{ first.stdout }} {{ stdout }} two')]);
    expect(outputs.stdout).toBe('one one two');
    expect(outputs.first).toEqual({ stdout: 'one', stderr: '' });
  });

  test('fills in variables, blocks and the environment', async () => {
    const { outputs } = await run([
      script('echo {{ prefect.variables.x }} {{ prefect.blocks.secret.t }} {{ $PREFECT_STEP_TEST_NONE }}.'),
    ]);
    expect(outputs.stdout).toBe('from-variable t0ken .');
  });

  test('goes on in the folder that a step names', async () => {
    await mkdir(join(directory, 'inner'));
    const result = await run([{ 'prefect.deployments.steps.pull.set_working_directory': { directory: 'inner' } }, script('pwd')]);
    expect(result.directory).toBe(join(directory, 'inner'));
    expect(String(result.outputs.stdout)).toMatch(/inner$/);
  });

  test('runs a function of the project', async () => {
    await writeFile(join(directory, 'steps.ts'), 'export const double = ({ n }: { n: number }) => ({ twice: n * 2 });');
    expect((await run([{ './steps.ts:double': { n: 21 } }])).outputs).toEqual({ twice: 42 });
  });

  test('reports each step with its inputs as written', async () => {
    const reports: StepReport[] = [];
    const failing = run([script('echo {{ prefect.blocks.secret.t }}'), script('false')], (report) => reports.push(report));
    await expect(failing).rejects.toThrow(StepExecutionError);
    expect(reports).toMatchObject([
      { index: 0, inputs: { script: 'echo {{ prefect.blocks.secret.t }}' } },
      { index: 1, failure: { name: 'ShellScriptError' } },
    ]);
    expect(reports[0]).not.toHaveProperty('failure');
  });

  test('names the step that it does not know', async () => {
    await expect(run([{ 'prefect_x.deployments.steps.build': {} }])).rejects.toThrow(/prefect_x\.deployments\.steps\.build/);
  });

  test('refuses a step with two names', async () => {
    await expect(run([{ a: {}, b: {} }])).rejects.toThrow(InvalidStepError);
  });
});

describe('run_shell_script', () => {
  test('runs each line by itself, without a shell', async () => {
    const { outputs } = await run([script('echo \'a  b\' "$HOME"\n\necho c | d')]);
    expect(outputs.stdout).toBe('a  b $HOME\nc | d');
  });

  test('leaves a line to the shell on request', async () => {
    expect((await run([script('echo hello | tr a-z A-Z', { shell: true })])).outputs.stdout).toBe('HELLO');
  });

  test('fills in environment variables on request', async () => {
    const { outputs } = await run([script('echo $GREETING', { env: { GREETING: 'hi' }, expand_env_vars: true })]);
    expect(outputs.stdout).toBe('hi');
  });
});

describe('git_clone', () => {
  async function makeRepository(): Promise<string> {
    const repository = join(directory, 'origin.git');
    await mkdir(repository);
    const git = (...args: string[]) =>
      runCommand('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: repository });
    await git('init', '-b', 'main');
    await writeFile(join(repository, 'flow.ts'), 'one');
    await git('add', '.');
    await git('commit', '-m', 'one');
    return repository;
  }

  test('clones, and brings a clone that is there up to date', async () => {
    const repository = await makeRepository();
    const step = { 'prefect.deployments.steps.git_clone': { repository: `file://${repository}`, branch: 'main' } };
    const first = await run([step]);
    expect(first.directory).toBe(join(directory, 'origin-main'));
    await writeFile(join(repository, 'flow.ts'), 'two');
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
    await runCommand('git', [...identity, 'commit', '-am', 'two'], { cwd: repository });
    const second = await run([step]);
    expect(await readFile(join(second.directory, 'flow.ts'), 'utf8')).toBe('two');
  });
});

describe('splitWords', () => {
  test.each([
    ['a b  c', ['a', 'b', 'c']],
    [`say 'it is' "so \\"it\\" is"`, ['say', 'it is', 'so "it" is']],
    ['a\\ b ""', ['a b', '']],
    ["x'y'z", ['xyz']],
  ])('%s', (line, words) => {
    expect(splitWords(line)).toEqual(words);
  });
});
