import { Absences } from '../automations/absences.ts';
import { performActions } from '../automations/action-queue.ts';
import { Evaluator } from '../automations/evaluator.ts';
import type { Core } from '../core.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

interface Parts {
  readonly evaluator: Evaluator;
  readonly absences: Absences;
}

const parts = new WeakMap<Core, Parts>();

/** Shows events to triggers, looks for what did not happen, and carries out what follows from either. Contract: events 8 and 9. */
export const automations: Service = {
  name: 'automations',
  every: ({ automations }) => (automations.enabled ? automations.granularitySeconds : null),
  wakesOn: 'events',
  async run(core, signal) {
    const { evaluator, absences } = partsOf(core);
    await evaluator.catchUp(signal);
    const triggers = await evaluator.triggers();
    const isProactive = triggers.some(({ trigger }) => trigger.posture === 'Proactive');
    if (isProactive && (await claimRound(core, 'automations', 2 * core.settings.automations.granularitySeconds)))
      await absences.look(triggers, evaluator.asOf);
    await performActions(core, signal);
  },
};

/** What a server remembers between two rounds. */
function partsOf(core: Core): Parts {
  let known = parts.get(core);
  if (!known) {
    known = { evaluator: new Evaluator(core), absences: new Absences(core) };
    parts.set(core, known);
  }
  return known;
}
