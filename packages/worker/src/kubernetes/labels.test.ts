import { describe, expect, test } from 'vitest';
import { toKubernetesLabels, toLabelValue, toObjectName } from './labels.ts';

describe('labels', () => {
  test.each([
    ['calm-owl', 'calm-owl'],
    ['Data & Co', 'Data-Co'],
    ['été_1.2', 'ete_1.2'],
    ['--a--', 'a'],
    ['2026-01-01T00:00:00+00:00', '2026-01-01T00-00-00-00-00'],
    ['日本', ''],
    [`${'x'.repeat(62)}-y`, 'x'.repeat(62)],
  ])('makes of the value %j %j', (value, label) => {
    expect(toLabelValue(value)).toBe(label);
  });

  test('keeps the prefix of a key, and drops keys of which nothing is left', () => {
    const labels = { 'prefect.io/flow-name': 'My Flow', 'My Team/cost center': '7', '///': 'x' };
    expect(toKubernetesLabels(labels)).toEqual({ 'prefect.io/flow-name': 'My-Flow', 'my-team/cost-center': '7' });
  });

  test('makes names of objects in lower case, of the length that is there', () => {
    expect(toObjectName('My_Flow (v2)', 8)).toBe('my-flow');
  });
});
