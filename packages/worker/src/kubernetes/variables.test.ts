import { expect, test } from 'vitest';
import { KUBERNETES } from '../../../server/src/job-templates/types/kubernetes.ts';
import { baseJobTemplate } from '../job-template/base-job-template.ts';
import { kubernetesVariables } from './variables.ts';

test('a pool that a worker makes is the same as one that the server makes', () => {
  expect(withoutTexts(baseJobTemplate(kubernetesVariables))).toEqual(withoutTexts(KUBERNETES.default_base_job_configuration));
});

/** What people read may differ in words. */
function withoutTexts(template: unknown): unknown {
  return JSON.parse(
    JSON.stringify(template, (key, value) => (key === 'description' && typeof value === 'string' ? undefined : value)),
  );
}
