import { expect, it } from 'vitest';
import { type EventFilterBody, eventFilter } from './event-filter.ts';

const event = { id: '1', event: 'prefect.task-run.Completed', resource: {}, related: [], payload: {}, follows: null };
const matches = (body: EventFilterBody) => eventFilter(body, 0).matches(event);

it('takes an empty list of ids, as the Python client sends it, for no restriction', () => {
  expect(matches({ id: { id: [] }, event: { name: ['prefect.task-run.Completed'] } })).toBe(true);
  expect(matches({ id: { id: ['1', '2'] } })).toBe(true);
  expect(matches({ id: { id: ['2'] } })).toBe(false);
});
