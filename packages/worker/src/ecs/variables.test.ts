import { expect, test } from 'vitest';
import { findWorkerType } from '../../../server/src/job-templates/index.ts';
import { baseJobTemplate } from '../job-template/base-job-template.ts';
import { isRecord } from '../job-template/placeholders.ts';
import { ecsVariables } from './variables.ts';

/** Descriptions may be worded for their place. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key, entry]) => key !== 'description' || typeof entry !== 'string');
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutDescriptions(entry)]));
}

test.each(['ecs', 'ecs:push'])('a pool of type %s that the server makes is one that the worker would make', (type) => {
  const fromServer = findWorkerType(type)?.default_base_job_configuration;
  expect(withoutDescriptions(baseJobTemplate(ecsVariables))).toEqual(withoutDescriptions(fromServer));
});
