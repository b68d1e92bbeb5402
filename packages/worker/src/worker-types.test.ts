import { describe, expect, test } from 'vitest';
import { findWorkerType } from '../../server/src/job-templates/index.ts';
import { baseJobTemplate } from './job-template/base-job-template.ts';
import { findWorkerClass, WORKER_TYPE_NAMES } from './worker-types.ts';

describe.each(WORKER_TYPE_NAMES)('the type %s', (type) => {
  test('is that of its class', async () => {
    const found = await findWorkerClass(type);
    expect(found?.type).toBe(type);
    expect(found?.name).toMatch(/Worker(V2)?$/);
  });

  test('has the variables that the server tells of it', async () => {
    const found = await findWorkerClass(type);
    const template = found && baseJobTemplate(found.variables);
    expect(withoutWords(template)).toEqual(withoutWords(findWorkerType(type)?.default_base_job_configuration));
  });
});

test('a type that is not here is not found', async () => {
  expect(await findWorkerClass('nomad')).toBeUndefined();
  expect(await findWorkerClass('constructor')).toBeUndefined();
});

/** Each side describes in words of its own. */
function withoutWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, entry]) => !(key === 'description' && typeof entry === 'string'));
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutWords(entry)]));
}
