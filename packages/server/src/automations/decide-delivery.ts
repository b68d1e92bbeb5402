import { parseTimestamp } from '@prefect-ts/protocol';
import { DetailError } from '../errors.ts';
import type { ResourceLabels } from '../events/event-log.ts';
import { canNotify, type Delivery, WEBHOOK } from '../notifications/deliver.ts';
import { blockDocumentResponses } from '../resources/blocks/read-documents.ts';
import { json } from '../storage/json-columns.ts';
import { isTemplate, TemplateError, TemplateSyntaxError } from '../templates/index.ts';
import type { WorkUnit } from '../work-unit.ts';
import { type ActionContext, actionContext } from './action-context.ts';
import { ActionError } from './action-error.ts';
import type { ActionMessage } from './firings.ts';

type DeliveringAction = Extract<ActionMessage['action'], { type: 'call-webhook' | 'send-notification' }>;

/** What is kept, sealed, of an action whose message has still to leave. */
export interface StoredDelivery {
  readonly message: ActionMessage;
  readonly delivery: Delivery;
  /** The block and its type, for the events. */
  readonly related: readonly ResourceLabels[];
}

/** Tells whether an action sends something to the world outside. */
export function isDelivering(action: ActionMessage['action']): action is DeliveringAction {
  return action.type === 'call-webhook' || action.type === 'send-notification';
}

/**
 * Decides once and for all what an action sends: reads its block, fills its templates, and puts the result where `deliver-messages.ts`
 * takes it from. Nothing leaves the server in here. Contract: events 9.5 and 9.6.
 *
 * @throws ActionError, TemplateError or an ApiError when there is nothing to send.
 */
export async function decideDelivery(unit: WorkUnit, message: ActionMessage, action: DeliveringAction): Promise<void> {
  const { slug, data, related, isNotifier } = await readBlock(unit, action.block_document_id);
  const withBlock = (reason: string) => new ActionError(reason, { related });
  if (action.type === 'call-webhook') {
    if (slug !== WEBHOOK) throw withBlock('The referenced block was not a webhook block');
  } else if (!isNotifier) throw withBlock('The referenced block was not a notification block');
  else if (!canNotify(slug)) throw withBlock(`The notification block was invalid: this server cannot notify by '${slug}' blocks`);

  const texts = action.type === 'call-webhook' ? ['', action.payload ?? ''] : [action.subject, action.body];
  const context = await actionContext(unit, message, texts.join('\n'));
  const [subject = '', body = ''] = texts.map((text) => filled(text, context, related));
  const stored: StoredDelivery = { message, delivery: { slug, data, message: { subject, body, id: message.id } }, related };
  const row = {
    id: message.id,
    due: parseTimestamp(message.triggered) ?? unit.now,
    attempts: 0,
    sealed: unit.cipher.seal(json(stored), message.id),
  };
  await unit.run(unit.db.insertInto('automation_delivery').values(row));
  unit.announce('deliveries', { id: message.id });
}

interface ReadBlock {
  readonly slug: string;
  readonly data: Delivery['data'];
  readonly related: readonly ResourceLabels[];
  readonly isNotifier: boolean;
}

async function readBlock(unit: WorkUnit, id: string): Promise<ReadBlock> {
  const row = await unit.first(unit.db.selectFrom('block_document').selectAll().where('id', '=', id));
  const source = { reader: unit, db: unit.db, cipher: unit.cipher };
  const [document] = row ? await blockDocumentResponses(source, [row], { includeSecrets: true }) : [];
  if (!document) throw new DetailError(404, 'Block document not found');
  const slug = document.block_type?.slug ?? '';
  const labels = { 'prefect.resource.id': `prefect.block-document.${id}`, 'prefect.resource.name': document.name ?? '' };
  const type = { 'prefect.resource.id': `prefect.block-type.${slug}`, 'prefect.resource.role': 'block-type' };
  await unit.emit({ event: `prefect.block.${slug}.loaded`, resource: labels, related: [type], payload: {}, follows: null });
  return {
    slug,
    data: document.data ?? {},
    related: [{ ...labels, 'prefect.resource.role': 'block' }, type],
    isNotifier: (document.block_schema?.capabilities ?? []).includes('notify'),
  };
}

/** @throws ActionError that tells what was wrong with which template. */
function filled(text: string, context: ActionContext, related: readonly ResourceLabels[]): string {
  if (!isTemplate(text)) return text;
  try {
    return context.render(text);
  } catch (error) {
    if (!(error instanceof TemplateError) && !(error instanceof TemplateSyntaxError)) throw error;
    const details = { template_error: error.message, template_source: text };
    throw new ActionError(`Template rendering failed: ${error.message}`, { details, related });
  }
}
