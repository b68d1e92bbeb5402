import { expect, test } from 'vitest';
import { aDeployment, aFlowRun } from '../../test/pool-of-one.ts';
import { chooseImage, defaultPullPolicy } from './image.ts';

test.each([
  ['etl', 'Always'],
  ['etl:latest', 'Always'],
  ['registry.example.com:5000/team/etl', 'Always'],
  ['registry.example.com:5000/team/etl:1.2', 'IfNotPresent'],
  ['etl@sha256:0123', 'IfNotPresent'],
])('the image %s is pulled %s unless a policy is set', (image, policy) => {
  expect(defaultPullPolicy(image)).toBe(policy);
});

const config = { command: null, env: {}, labels: {}, name: null };
const runOf = (entrypoint: string) => ({ ...aFlowRun(), flow: undefined, deployment: aDeployment({ entrypoint }) });

test('a Python flow gets an official image, a TypeScript flow needs one of its own', () => {
  expect(chooseImage(runOf('etl.py:etl'), config)).toMatch(/^prefecthq\/prefect:3\.\d+\.\d+-python3\.\d+$/);
  expect(() => chooseImage(runOf('etl.ts:etl'), config)).toThrow("Set the job variable 'image'");
  expect(chooseImage(runOf('etl.ts:etl'), { ...config, image: 'etl:1' })).toBe('etl:1');
});
