import { expect, test } from 'vitest';
import { innermostFailure } from './azure-failure.ts';

const cause = { code: 'InaccessibleImage', message: "The image 'acme/etl:1' is not accessible." };

test.each([
  ['itself', cause],
  ['inside an error', { error: cause }],
  ['among details', { code: 'DeploymentFailed', message: 'See details.', details: [{ code: 'Conflict', details: [cause] }] }],
  ['as text of a message', { code: 'Conflict', message: JSON.stringify({ error: cause }) }],
])('the cause is found %s', (_, error) => {
  expect(innermostFailure(error)).toBe("InaccessibleImage: The image 'acme/etl:1' is not accessible.");
});

test.each([[undefined], ['text'], [{}], [{ details: [] }]])('%j has no cause', (error) => {
  expect(innermostFailure(error)).toBeUndefined();
});

test('a message that only looks like more is kept', () => {
  expect(innermostFailure({ message: '{broken' })).toBe('{broken');
});
