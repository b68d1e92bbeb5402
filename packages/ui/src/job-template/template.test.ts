import { describe, expect, it } from 'vitest';
import { defaultsOf, templateOf, templateProblems, usesOf, withDefaults } from './template.ts';

const template = templateOf({
  job_configuration: {
    command: '{{ command }}',
    env: { A: '{{a}}-{{ command }}', B: '{{ prefect.variables.b }}' },
    list: ['{{ lost }}'],
  },
  variables: { properties: { command: { default: 'run' }, a: {}, idle: { default: null } } },
});

describe('a job template', () => {
  it('tells where each variable goes', () => {
    expect(usesOf(template).get('command')).toEqual(['command', 'env.A']);
    expect(usesOf(template).get('idle')).toEqual([]);
  });

  it('tells what is unknown and what is idle', () => {
    expect(templateProblems(template)).toEqual([
      'The variable idle is used nowhere.',
      'list[0] uses {{ lost }}, which is no variable.',
    ]);
  });

  it('takes other defaults and keeps the rest', () => {
    const changed = withDefaults(template, { a: 1, command: undefined });
    expect(defaultsOf(changed)).toEqual({ command: 'run', a: 1, idle: null });
    expect(changed.job_configuration).toEqual(template.job_configuration);
  });

  it('may be anything', () => {
    expect(templateProblems(templateOf(null))).toEqual([]);
    expect(defaultsOf(templateOf([1]))).toEqual({});
  });
});
