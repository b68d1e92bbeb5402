import type { ResourceLabels } from '../events/event-log.ts';

/** What an action did, for the event that tells of it. */
export interface ActionResult {
  readonly details: Readonly<Record<string, unknown>>;
  readonly related: readonly ResourceLabels[];
}

/** An action could not be carried out, and trying again would not help. The message is the reason that its event gives. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
  readonly result: ActionResult;

  constructor(reason: string, result: Partial<ActionResult> = {}) {
    super(reason);
    this.result = { details: result.details ?? {}, related: result.related ?? [] };
  }
}
