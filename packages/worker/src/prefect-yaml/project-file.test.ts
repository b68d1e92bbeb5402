import { describe, expect, test } from 'vitest';
import { ProjectFileError, parsePrefectYaml } from './project-file.ts';

describe('parsePrefectYaml', () => {
  test('reads deployments, steps and anchors', () => {
    const project = parsePrefectYaml(`
definitions:
  pool: &pool { name: local }
pull:
  - prefect.deployments.steps.set_working_directory: { directory: /srv }
deployments:
  - name: daily
    entrypoint: flows/etl.ts:etl
    work_pool: *pool
    schedules: [{ cron: "0 3 * * *", timezone: Europe/Madrid }]
`);
    expect(project.problems).toEqual([]);
    expect(project.pull).toHaveLength(1);
    expect(project.deployments).toMatchObject([{ name: 'daily', work_pool: { name: 'local' } }]);
  });

  test('wraps a single step', () => {
    expect(parsePrefectYaml('build: { a.b: {} }').build).toEqual([{ 'a.b': {} }]);
  });

  test.each([
    ['pull: []', []],
    ['pull:', null],
    ['name: x', null],
  ])('tells "no steps" from "nothing said": %s', (text, expected) => {
    expect(parsePrefectYaml(text).pull).toEqual(expected);
  });

  test.each([
    ['tags: 3', ['tags']],
    ['parameters: [1]', ['parameters']],
    ['schedules: [{ cron: "* * * * *", interval: 5 }]', ['schedules']],
    ['schedules: [{ cron: "* * * * *", colour: red }]', ['schedules']],
    ['work_pool: local', ['work_pool']],
  ])('names the fields that cannot be meant: %s', (text, fields) => {
    const { deployments, problems } = parsePrefectYaml(`deployments:\n  - name: bad\n    ${text}\n  - name: good\n`);
    expect(problems).toEqual([{ deployment: 'bad', fields }]);
    expect(deployments).toMatchObject([{ name: 'good' }]);
  });

  test.each(['deployments: [', '- a\n- b'])('refuses what is no project: %s', (text) => {
    expect(() => parsePrefectYaml(text)).toThrow(ProjectFileError);
  });
});
