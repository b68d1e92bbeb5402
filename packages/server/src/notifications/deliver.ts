import type { JsonObject } from '../resources/blocks/schema-fields.ts';
import { BlockValues, InvalidBlockError } from './block-values.ts';
import { EMAIL, sendEmail } from './email.ts';
import { type OutgoingRequest, type ReceivedAnswer, type SendOptions, sendRequest, UnusableUrlError } from './http-request.ts';
import type { NotificationMessage } from './message.ts';
import { ForbiddenAddressError, networkGuard } from './network-guard.ts';
import { SERVICES } from './services.ts';

/** A message that is decided and has still to leave. */
export interface Delivery {
  /** The slug of the block's type. */
  readonly slug: string;
  /** The block's data, secrets included. */
  readonly data: JsonObject;
  /** For a webhook the body is the payload, and there is no subject. */
  readonly message: NotificationMessage;
}

/** What came of an attempt. */
export interface DeliveryOutcome {
  readonly delivered: boolean;
  /** Whether trying again may help. */
  readonly passing: boolean;
  /** What the other side asked to wait. */
  readonly retryAfterSeconds?: number;
  /** What went wrong, without secrets. */
  readonly problem?: string;
  /** Of a webhook: what was answered, whatever it was. */
  readonly answer?: ReceivedAnswer;
}

export interface DeliveryLimits {
  readonly allowPrivateAddresses: boolean;
  /** How long an attempt may take. */
  readonly seconds: number;
}

/** The block type whose documents are called rather than notified. */
export const WEBHOOK = 'webhook';

/** Tells whether this server knows how to notify by blocks of a type. */
export function canNotify(slug: string): boolean {
  return slug === EMAIL || Object.hasOwn(SERVICES, slug);
}

/** Statuses that say: not now. */
const PASSING_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);
/** A webhook that answers 500 has been called. */
const PASSING_WEBHOOK_STATUSES = new Set([408, 425, 429, 502, 503, 504]);

/** Tries once to bring a message to where it belongs. What goes wrong is an outcome. */
export async function deliver(delivery: Delivery, limits: DeliveryLimits): Promise<DeliveryOutcome> {
  const block = new BlockValues(delivery.data);
  const seconds = Math.min(limits.seconds, block.number('timeout', limits.seconds));
  const send: SendOptions = {
    guard: networkGuard(limits.allowPrivateAddresses && block.flag('allow_private_urls', true)),
    signal: AbortSignal.timeout(Math.max(1, seconds * 1000)),
  };
  try {
    if (delivery.slug === WEBHOOK) return await callWebhook(block, delivery.message, send);
    if (delivery.slug === EMAIL) {
      await sendEmail(block, delivery.message, { ...send, seconds });
      return { delivered: true, passing: false };
    }
    return await notify(delivery, block, send);
  } catch (error) {
    return { delivered: false, passing: isPassing(error), problem: error instanceof Error ? error.message : String(error) };
  }
}

async function callWebhook(block: BlockValues, message: NotificationMessage, send: SendOptions): Promise<DeliveryOutcome> {
  const method = block.optional('method') ?? 'POST';
  const request: OutgoingRequest = {
    method,
    url: block.text('url'),
    headers: { 'idempotency-key': message.id, ...block.textsByName('headers') },
    body: method === 'GET' && message.body === '' ? null : message.body,
    verify: block.flag('verify', true),
  };
  const answer = await sendRequest(request, send);
  return { delivered: true, passing: PASSING_WEBHOOK_STATUSES.has(answer.status), answer, ...retryAfter(answer) };
}

async function notify({ slug, message }: Delivery, block: BlockValues, send: SendOptions): Promise<DeliveryOutcome> {
  const requests = SERVICES[slug]?.(block, message) ?? [];
  if (requests.length === 0) throw new InvalidBlockError('The block names nobody to notify.');
  for (const [index, request] of requests.entries()) {
    const headers = { 'idempotency-key': requests.length === 1 ? message.id : `${message.id}-${index}`, ...request.headers };
    const answer = await sendRequest({ ...request, headers }, send);
    if (answer.status < 200 || answer.status > 299)
      return {
        delivered: false,
        passing: PASSING_STATUSES.has(answer.status),
        problem: `The service answered ${answer.status}: ${answer.body.slice(0, 500)}`,
        ...retryAfter(answer),
      };
  }
  return { delivered: true, passing: false };
}

function retryAfter({ headers }: ReceivedAnswer): { retryAfterSeconds?: number } {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterSeconds: seconds } : {};
}

/** What is wrong with the block or the address will be wrong again, and a mail server that refuses for good says 5xx. */
function isPassing(error: unknown): boolean {
  if (error instanceof InvalidBlockError || error instanceof ForbiddenAddressError || error instanceof UnusableUrlError)
    return false;
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown };
  return code !== 'EAUTH' && !(typeof responseCode === 'number' && responseCode >= 500);
}
