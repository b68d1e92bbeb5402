import type { IncomingHttpHeaders } from 'node:http';
import { SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { type DeliveryOutcome, deliver } from '../notifications/deliver.ts';
import type { ReceivedAnswer } from '../notifications/http-request.ts';
import { locked } from '../storage/row-locks.ts';
import { statement } from '../storage/statement.ts';
import type { ActionResult } from './action-error.ts';
import type { StoredDelivery } from './decide-delivery.ts';
import { tellOutcome } from './tell-outcome.ts';

/** Seconds before each further attempt. */
const RETRY_AFTER = [1, 5, 30] as const;
/** What a service may ask us to wait at most. */
const LONGEST_WAIT_SECONDS = 300;
/** So many messages are under way at a time. */
const AT_ONCE = 8;
/** Beyond its time an attempt is taken for lost with its server. */
const CLAIM_MARGIN_SECONDS = 60;

/**
 * Sends what actions have decided to send, outside of any transaction. An attempt is claimed first, so that of several servers one makes it;
 * a claim lapses when its server died. The outcome is told in the transaction that takes the message off the queue: it is told once, and the
 * message is sent at least once, each time under the same idempotency key.
 */
export async function deliverMessages(core: Core, signal?: AbortSignal): Promise<void> {
  const underWay = new Set<Promise<void>>();
  while (!signal?.aborted) {
    const rows = await core.read.all(nextDue(core.storage.builder, { now: core.clock(), limit: AT_ONCE }));
    const claimed: Claim[] = [];
    for (const { id } of rows) {
      const claim = await claimDelivery(core, id);
      if (claim) claimed.push(claim);
    }
    if (claimed.length === 0) {
      if (underWay.size === 0) return;
      await Promise.race(underWay);
      continue;
    }
    for (const claim of claimed) {
      const sent = sendOne(core, claim).finally(() => underWay.delete(sent));
      underWay.add(sent);
    }
    while (underWay.size >= AT_ONCE) await Promise.race(underWay);
  }
  await Promise.all(underWay);
}

const nextDue = statement((db, p: { now: number; limit: number }) =>
  db.selectFrom('automation_delivery').select('id').where('due', '<=', p.now).orderBy('due').orderBy('id').limit(p.limit),
);

interface Claim {
  readonly id: string;
  /** The attempts before this one. */
  readonly attempts: number;
  readonly sealed: string;
}

/** Puts a message off for as long as an attempt may take; somebody else may have been faster. */
function claimDelivery(core: Core, id: string): Promise<Claim | undefined> {
  return core.write(async (unit) => {
    const query = unit.db.selectFrom('automation_delivery').selectAll().where('id', '=', id).where('due', '<=', unit.now);
    const row = await unit.first(locked(unit.db, query, 'automation_delivery'));
    if (!row) return undefined;
    const due = unit.now + (core.settings.notifications.timeoutSeconds + CLAIM_MARGIN_SECONDS) * SECOND;
    const attempts = row.attempts + 1;
    await unit.run(unit.db.updateTable('automation_delivery').set({ due, attempts }).where('id', '=', id));
    return { id, attempts: row.attempts, sealed: row.sealed };
  });
}

async function sendOne(core: Core, { id, attempts, sealed }: Claim): Promise<void> {
  try {
    const stored = JSON.parse(core.cipher.open(sealed, id)) as StoredDelivery;
    const { allowPrivateAddresses, timeoutSeconds: seconds } = core.settings.notifications;
    const outcome = await deliver(stored.delivery, { allowPrivateAddresses, seconds });
    const wait = outcome.passing ? RETRY_AFTER[attempts] : undefined;
    if (wait === undefined) await finish(core, id, stored, outcome);
    else await putOff(core, id, Math.max(wait, Math.min(outcome.retryAfterSeconds ?? 0, LONGEST_WAIT_SECONDS)));
  } catch (error) {
    // The claim lapses by itself, and the message is tried again.
    core.log.error({ err: error, invocation: id }, 'a message of an automation could not be dealt with');
  }
}

function putOff(core: Core, id: string, seconds: number): Promise<unknown> {
  return core.write((unit) =>
    unit.run(
      unit.db
        .updateTable('automation_delivery')
        .set({ due: unit.now + seconds * SECOND })
        .where('id', '=', id),
    ),
  );
}

function finish(core: Core, id: string, { message, related }: StoredDelivery, outcome: DeliveryOutcome): Promise<void> {
  return core.write(async (unit) => {
    const gone = await unit.run(unit.db.deleteFrom('automation_delivery').where('id', '=', id));
    // A slow attempt was overtaken, and its outcome is told already.
    if (gone === 0) return;
    const result: ActionResult = { details: detailsOf(message.action.type, outcome), related };
    await tellOutcome(unit, message, outcome.delivered ? 'executed' : 'failed', result);
  });
}

function detailsOf(type: string, { delivered, problem, answer }: DeliveryOutcome): Record<string, unknown> {
  if (answer) return answerDetails(answer);
  if (delivered) return {};
  return type === 'call-webhook'
    ? { reason: `Webhook call failed: ${problem}` }
    : { reason: 'Notification failed', notification_log: problem };
}

const LONGEST_BODY = 1000;
const HIDDEN_HEADERS = /^(authorization|traceparent|via|set-cookie|x-(forwarded|b3|cloud-trace|envoy|prefect).*)$/;

/** Contract: events 9.5. */
function answerDetails({ status, headers, body }: ReceivedAnswer): Record<string, unknown> {
  return { status_code: status, response_body: headAndTail(body), response_headers: shownHeaders(headers) };
}

function headAndTail(text: string): string {
  if (text.length <= LONGEST_BODY) return text;
  const half = (LONGEST_BODY - 3) >> 1;
  return `${text.slice(0, half)}...${text.slice(-half)}`;
}

function shownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !HIDDEN_HEADERS.test(name))
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
