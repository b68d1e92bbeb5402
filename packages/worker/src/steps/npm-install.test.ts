import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { npmInstall } from './npm-install.ts';
import type { StepContext } from './run-steps.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'npm-'));
});
afterEach(() => rm(root, { recursive: true }));

/** A project whose only package lies in it, so that no registry is asked. */
async function aProject(name: string, dependency: string): Promise<string> {
  const directory = join(root, name);
  await mkdir(join(directory, 'part'), { recursive: true });
  await writeFile(join(directory, 'part/package.json'), JSON.stringify({ name: 'part', version: '1.0.0', main: 'part.js' }));
  await writeFile(join(directory, 'part/part.js'), 'module.exports = "part";');
  const dependencies = dependency === '' ? {} : { part: dependency };
  const manifest = { name: 'project', version: '1.0.0', dependencies };
  const linked = { 'node_modules/part': { resolved: 'part', link: true }, part: { version: '1.0.0' } };
  const packages = { '': manifest, ...(dependency === '' ? {} : linked) };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
  const lock = { name: 'project', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  await writeFile(join(directory, 'package-lock.json'), JSON.stringify(lock));
  return directory;
}

const references: StepContext['references'] = {
  blockById: async () => ({}),
  blockByName: async () => ({}),
  variable: async () => undefined,
};
const run = (directory: string, inputs: Record<string, unknown> = {}) =>
  npmInstall(inputs, {
    directory,
    env: { ...process.env, PREFECT_HOME: join(root, 'home') },
    print: () => undefined,
    references,
  });

describe('npm_install', () => {
  test('installs once for all projects with the same lock file', async () => {
    const [one, two] = [await aProject('one', ''), await aProject('two', '')];
    expect(await run(one)).toEqual({ directory: one, cached: false });
    const packages = join(one, 'node_modules');
    await writeFile(join(packages, 'mark'), 'first');
    expect(await run(root, { directory: 'two' })).toEqual({ directory: two, cached: true });
    expect(await readFile(join(two, 'node_modules/mark'), 'utf8')).toBe('first');
    // The same folder again, as a worker with a working directory has it.
    expect(await run(one)).toMatchObject({ cached: true });
    await writeFile(
      join(two, 'package.json'),
      JSON.stringify({ name: 'project', version: '1.0.0', dependencies: {}, type: 'module' }),
    );
    expect(await run(two)).toMatchObject({ cached: false });
  });

  test('installs once when two runs begin together', async () => {
    const [one, two] = [await aProject('one', ''), await aProject('two', '')];
    const outcomes = await Promise.all([run(one), run(two)]);
    expect(outcomes.map(({ cached }) => cached).sort()).toEqual([false, true]);
  });

  test('installs in place what lies in the project itself', async () => {
    const directory = await aProject('linked', 'file:part');
    expect(await run(directory)).toMatchObject({ cached: false });
    expect((await lstat(join(directory, 'node_modules'))).isDirectory()).toBe(true);
    expect(await readFile(join(directory, 'node_modules/part/part.js'), 'utf8')).toContain('part');
  });

  test('says what is wrong with a project, and keeps nothing of it', async () => {
    const directory = await aProject('broken', '');
    await writeFile(join(directory, 'package.json'), JSON.stringify({ name: 'project', dependencies: { missing: '1.0.0' } }));
    await expect(run(directory)).rejects.toThrow(/^npm ci failed with code 1: [\s\S]*missing/);
    await expect(lstat(join(directory, 'node_modules'))).rejects.toThrow('ENOENT');
    await rm(join(directory, 'package-lock.json'));
    await expect(run(directory)).rejects.toThrow(/no lock file.*package-lock\.json/);
  });
});
