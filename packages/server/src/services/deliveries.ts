import { deliverMessages } from '../automations/deliver-messages.ts';
import type { Service } from './service.ts';

/** Sends the webhooks and notifications of automations: slow receivers hold up no trigger and no other action. Contract: events 9.5, 9.6. */
export const deliveries: Service = {
  name: 'deliveries',
  every: ({ automations }) => (automations.enabled ? automations.granularitySeconds : null),
  wakesOn: 'deliveries',
  run: deliverMessages,
};
