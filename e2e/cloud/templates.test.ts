import { expect, test } from 'vitest';
import { findWorkerType } from '../../packages/server/src/job-templates/index.ts';
import { cloudRunVariables } from '../../packages/worker/src/cloud-run/variables.ts';
import { cloudRunV2Variables } from '../../packages/worker/src/cloud-run/variables-v2.ts';
import { containerInstanceVariables } from '../../packages/worker/src/container-instance/variables.ts';
import { baseJobTemplate } from '../../packages/worker/src/index.ts';
import { vertexAiVariables } from '../../packages/worker/src/vertex-ai/variables.ts';

test.each([
  ['cloud-run', cloudRunVariables],
  ['cloud-run-v2', cloudRunV2Variables],
  ['vertex-ai', vertexAiVariables],
  ['azure-container-instance', containerInstanceVariables],
])('a pool of the type %s has one template, whether a worker or the server makes it', (type, variables) => {
  const ofServer = findWorkerType(type)?.default_base_job_configuration;
  expect(ofServer).toBeDefined();
  expect(withoutProse(baseJobTemplate(variables))).toEqual(withoutProse(ofServer));
});

/** The variables that every type has are described in other words by the one and the other. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, entry]) => key !== 'description' || typeof entry !== 'string');
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutProse(entry)]));
}
