import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPrefectYaml } from '@prefect-ts/worker';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aPlace, type Place } from './run-prefect.ts';

let place: Place;
beforeEach(() => {
  place = aPlace();
});
afterEach(() => place.remove());

test('a project begins with a file that holds no deployments yet, and is begun once', async () => {
  expect(await place.says('init', '--name', 'mine')).toMatch(/^Wrote prefect\.yaml\.\n/);
  const file = join(place.home, 'prefect.yaml');
  expect(readFileSync(file, 'utf8')).toMatch(/^name: mine\n/);
  expect(await loadPrefectYaml(file)).toMatchObject({ pull: null, deployments: [], problems: [] });
  expect(await place.says('init')).toBe('1: prefect.yaml exists already.\n  Nothing was changed.\n');
});

test('the code of a project may be in a repository', async () => {
  const repository = 'https://example.org/flows.git';
  expect(await place.says('init', '--recipe', 'git', '-f', `repository=${repository}`, '-f', 'branch=main')).toContain('Wrote');
  expect(await loadPrefectYaml(join(place.home, 'prefect.yaml'))).toMatchObject({
    pull: [{ 'prefect.deployments.steps.git_clone': { repository, branch: 'main' } }],
  });
  expect(await place.says('init', '--recipe', 'git')).toMatch(/^2: The recipe 'git' needs --field repository/);
  expect(await place.says('init', '--field', 'branch=main')).toMatch(/^2: The recipe 'local' has no field 'branch'\./);
  expect(await place.says('init', '--recipe', 'docker')).toMatch(/^2: /);
});
