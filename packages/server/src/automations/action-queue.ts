import { type Micros, SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { ApiError } from '../errors.ts';
import { locked } from '../storage/row-locks.ts';
import { statement } from '../storage/statement.ts';
import { TemplateError, TemplateSyntaxError } from '../templates/index.ts';
import type { WorkUnit } from '../work-unit.ts';
import { ActionError, type ActionResult } from './action-error.ts';
import { decideDelivery, isDelivering } from './decide-delivery.ts';
import type { ActionMessage } from './firings.ts';
import { performAction } from './perform-action.ts';
import { tellOutcome } from './tell-outcome.ts';

/** How often an action is tried again that failed for no reason of its own. */
const RETRIES = 3;
const RETRY_AFTER: Micros = SECOND;

/**
 * Carries out what firings have queued. An action, the events that tell of it and its leaving the queue are one transaction, so it is done
 * once, whatever happens to the server. Leaves the rest for later when the signal says so.
 */
export async function performActions(core: Core, signal?: AbortSignal): Promise<void> {
  while (!signal?.aborted) {
    const row = await core.read.first(nextDue(core.storage.builder, { now: core.clock() }));
    if (!row) return;
    await performOne(core, row.id);
  }
}

const nextDue = statement((db, p: { now: Micros }) =>
  db.selectFrom('automation_action').select('id').where('due', '<=', p.now).orderBy('due').orderBy('id').limit(1),
);

async function performOne(core: Core, id: string): Promise<void> {
  try {
    await core.write((unit) => taken(unit, id, (message) => carryOut(unit, message)));
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) return retryLater(core, id, error);
    // What the action did before it failed is undone; that it failed is told in a transaction of its own.
    await core.write((unit) =>
      taken(unit, id, (message) =>
        tellOutcome(unit, message, 'failed', withReason(failure, reasonOf(error, message.action.type))),
      ),
    );
  }
}

/** What goes out to the world is only decided here: a transaction waits for nobody outside. */
async function carryOut(unit: WorkUnit, message: ActionMessage): Promise<void> {
  if (isDelivering(message.action)) await decideDelivery(unit, message, message.action);
  else await tellOutcome(unit, message, 'executed', await performAction(unit, message, message.action));
}

/** Takes an action off the queue; somebody else may have been faster. */
async function taken(unit: WorkUnit, id: string, work: (message: ActionMessage) => Promise<void>): Promise<void> {
  const query = unit.db.selectFrom('automation_action').select('message').where('id', '=', id);
  const row = await unit.first(locked(unit.db, query, 'automation_action'));
  if (!row) return;
  await unit.run(unit.db.deleteFrom('automation_action').where('id', '=', id));
  await work(JSON.parse(row.message) as ActionMessage);
}

async function retryLater(core: Core, id: string, error: unknown): Promise<void> {
  await core.write(async (unit) => {
    const query = unit.db.selectFrom('automation_action').select('attempts').where('id', '=', id);
    const row = await unit.first(locked(unit.db, query, 'automation_action'));
    if (!row) return;
    if (row.attempts >= RETRIES) {
      core.log.error({ err: error, invocation: id }, 'an action of an automation was given up');
      await unit.run(unit.db.deleteFrom('automation_action').where('id', '=', id));
    } else {
      core.log.warn({ err: error, invocation: id }, 'an action of an automation failed and will be tried again');
      const attempts = row.attempts + 1;
      const due = unit.now + RETRY_AFTER * attempts;
      await unit.run(unit.db.updateTable('automation_action').set({ attempts, due }).where('id', '=', id));
    }
  });
}

/** What is told of a failure that trying again would not change; nothing for all others. */
function failureOf(error: unknown): ActionResult | undefined {
  if (error instanceof ActionError) return error.result;
  if (error instanceof TemplateError || error instanceof TemplateSyntaxError)
    return { details: { template_error: error.message }, related: [] };
  if (!(error instanceof ApiError)) return undefined;
  const detail = detailOf(error);
  return {
    details: { status_code: error.status, ...(error.status === 409 && detail ? { validation_error: detail } : {}) },
    related: [],
  };
}

/** Contract: events 9.3. */
function reasonOf(error: unknown, type: string): string {
  if (error instanceof TemplateError || error instanceof TemplateSyntaxError)
    return `Template rendering failed: ${error.message}`;
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const detail = detailOf(error);
  if (detail && [409, 422].includes(error.status)) return `Validation error occurred for '${type}' - ${detail}`;
  if (error.status === 409) return `Conflict (409) occurred for '${type}' - ${error.message}`;
  return `Unexpected status from '${type}' action: ${error.status}`;
}

function detailOf({ body }: ApiError): string | undefined {
  const { detail } = body as { detail?: unknown };
  return typeof detail === 'string' ? detail : undefined;
}

function withReason({ details, related }: ActionResult, reason: string): ActionResult {
  return { details: { ...details, reason }, related };
}
