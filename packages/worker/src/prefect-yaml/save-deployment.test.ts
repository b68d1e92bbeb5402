import { describe, expect, test } from 'vitest';
import { withDeployment } from './save-deployment.ts';

const file = `# our flows
pull: null # default
deployments:
  # every night
  - name: nightly
    entrypoint: etl.ts:etl
`;

describe('withDeployment', () => {
  test('adds a deployment and keeps what people wrote', () => {
    const text = withDeployment(file, { name: 'hourly', entrypoint: 'etl.ts:etl' });
    expect(text).toContain('# our flows');
    expect(text).toContain('# every night');
    expect(text).toMatch(/- name: hourly\n {4}entrypoint: etl\.ts:etl/);
  });

  test('takes the place of the one with the same name and entrypoint', () => {
    const text = withDeployment(file, { name: 'nightly', entrypoint: 'etl.ts:etl', tags: ['new'] });
    expect(text.match(/name: nightly/g)).toHaveLength(1);
    expect(text).toContain('- new');
  });

  test('makes a file where there is none', () => {
    expect(withDeployment('', { name: 'a', entrypoint: 'a.ts:a' })).toBe('deployments:\n  - name: a\n    entrypoint: a.ts:a\n');
  });
});
