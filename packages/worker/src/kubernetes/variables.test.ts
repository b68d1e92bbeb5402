import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { KUBERNETES } from '../../../server/src/job-templates/types/kubernetes.ts';
import { baseJobTemplate } from '../job-template/base-job-template.ts';
import { kubernetesVariables } from './variables.ts';

test('a pool that a worker makes is the same as one that the server makes', () => {
  expect(withoutTexts(baseJobTemplate(kubernetesVariables))).toEqual(withoutTexts(KUBERNETES.default_base_job_configuration));
});

test.each(['kubernetes', 'helm/prefect-ts'])('the pool of deploy/%s is the same but for where its runs are', async (folder) => {
  const file = new URL(`../../../../deploy/${folder}/base-job-template.json`, import.meta.url);
  const template = structuredClone(baseJobTemplate(kubernetesVariables)) as { variables: { properties: Record<string, object> } };
  Object.assign(template.variables.properties.namespace ?? {}, { default: 'prefect' });
  Object.assign(template.variables.properties.image ?? {}, { default: 'prefect-ts' });
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(template);
});

/** What people read may differ in words. */
function withoutTexts(template: unknown): unknown {
  return JSON.parse(
    JSON.stringify(template, (key, value) => (key === 'description' && typeof value === 'string' ? undefined : value)),
  );
}
