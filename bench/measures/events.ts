import { uuid4, uuid7 } from '@prefect-ts/protocol';
import { persist } from '../api.ts';
import { until } from '../until.ts';
import type { Measure } from './measure.ts';

const EVENTS = 50;

/** Events of somebody's own, in batches; finished when the last one can be read. */
export const events: Measure = {
  name: 'events',
  unit: `${EVENTS} events`,
  async prepare(api) {
    let lastId: string | undefined;
    return {
      async step() {
        const batch = Array.from({ length: EVENTS }, anEvent);
        await api.post('/events', batch);
        lastId = batch.at(-1)?.id;
        return 1;
      },
      async settle() {
        if (lastId === undefined) return;
        const filter = { id: { id: [lastId] } };
        await until(`event ${lastId} to be stored`, async () =>
          (await persist(() => api.post('/events/filter', { filter }))).includes(`"${lastId}"`),
        );
      },
    };
  },
};

function anEvent() {
  return {
    id: uuid7(),
    occurred: new Date().toISOString(),
    event: 'bench.order.shipped',
    resource: { 'prefect.resource.id': `bench.order.${uuid4()}`, 'prefect.resource.name': 'order', 'bench.warehouse': 'north' },
    related: [
      { 'prefect.resource.id': 'bench.customer.7', 'prefect.resource.role': 'customer', 'prefect.resource.name': 'seven' },
    ],
    payload: { items: [1, 2, 3], weight: 12.5, express: true },
  };
}
