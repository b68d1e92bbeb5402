import { expect, test } from 'vitest';
import type { FlowRunToStart } from '../base-worker.ts';
import { groupIdentifier, groupName, parseGroupIdentifier } from './group-name.ts';

const ID = '0190a2b3-7c41-7d22-9e11-2f54a1d0c9e8';
const runOf = (name: string) => ({ id: ID, flow: { name } }) as FlowRunToStart;

test.each([
  ['etl', `etl-${ID}`],
  ['Nightly ETL_v2', `nightly-etl-v2-${ID}`],
  ['a flow with a name of forty characters .', `a-flow-with-a-name-${ID}`],
  ['夜', ID],
])('the group of a run of %s has a name that Azure takes', (flow, expected) => {
  const name = groupName(runOf(flow));
  expect(name).toBe(expected);
  expect(`prefect-${name}`.length).toBeLessThanOrEqual(64);
});

test('the name of the group is found in the identifier', () => {
  expect(parseGroupIdentifier(groupIdentifier(ID, `etl-${ID}`))).toBe(`etl-${ID}`);
});

test.each(['', 'etl', `${ID}:`])('%j names no group', (identifier) => {
  expect(() => parseGroupIdentifier(identifier)).toThrow(/does not name a container group/);
});
