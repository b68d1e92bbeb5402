import { type AutomationCreate, type AutomationUpdate, uuid4 } from '@prefect-ts/protocol';
import type { AutomationContent } from '../automations/automations.ts';
import type { CompoundTrigger, EventTrigger, Trigger } from '../automations/triggers.ts';
import { HydrationError, hydrate } from '../parameters/index.ts';
import { isTemplate, parseTemplate, TemplateSyntaxError } from '../templates/index.ts';
import { invalidValue } from './request-body.ts';

type Action = AutomationContent['actions'][number];
type Place = readonly (string | number)[];

/** Windows of proactive triggers in seconds: the shortest, which is also what they have without being told. */
const SHORTEST_PROACTIVE = 10;

const ACTION_LISTS = ['actions', 'actions_on_trigger', 'actions_on_resolve'] as const;

/**
 * Completes an automation of a request and checks what no schema expresses. Triggers get ids of their own. Contract: events 7.1-7.3.
 *
 * @param sent tells which members the request names; those that it does not are left out.
 */
export function readAutomation(
  body: AutomationCreate | AutomationUpdate,
  sent: (member: string) => boolean = () => true,
): Partial<AutomationContent> {
  const check = new AutomationCheck(body);
  const content: Partial<AutomationContent> = {
    name: body.name,
    description: body.description ?? '',
    enabled: body.enabled ?? true,
    tags: body.tags ?? [],
    trigger: check.trigger(body.trigger as Partial<Trigger>, ['body', 'trigger']) as AutomationContent['trigger'],
  };
  for (const list of ACTION_LISTS)
    content[list] = (body[list] ?? []).map((action, index) => check.action(action as Partial<Action>, ['body', list, index]));
  return Object.fromEntries(Object.entries(content).filter(([member]) => sent(member)));
}

class AutomationCheck {
  readonly #body: unknown;

  constructor(body: unknown) {
    this.#body = body;
  }

  trigger(sent: Partial<Trigger>, place: Place): Trigger {
    if (sent.type === 'compound' || sent.type === 'sequence') {
      const { type, triggers = [], within = null } = sent;
      const children = triggers.map((child, index) => this.trigger(child, [...place, 'triggers', index]));
      const composite = { id: uuid4(), triggers: children, within: this.#duration(within, [...place, 'within']) };
      if (type === 'sequence') return { type, ...composite };
      return {
        type,
        ...composite,
        require: this.#require((sent as Partial<CompoundTrigger>).require ?? 'all', children.length, place),
      };
    }
    return this.#eventTrigger(sent as Partial<EventTrigger>, place);
  }

  #eventTrigger(sent: Partial<EventTrigger>, place: Place): EventTrigger {
    const posture = sent.posture ?? 'Reactive';
    // Left out, it is the contract's default as that is written.
    let within = this.#duration(sent.within ?? 0, [...place, 'within']) ?? 0;
    if (posture === 'Proactive') {
      if (within === 0) within = SHORTEST_PROACTIVE;
      if (within < SHORTEST_PROACTIVE)
        this.#refuse(
          place,
          `\`within\` for Proactive triggers must be greater than or equal to ${SHORTEST_PROACTIVE} seconds`,
          sent,
        );
    }
    return {
      type: 'event',
      id: uuid4(),
      match: sent.match ?? {},
      match_related: sent.match_related ?? {},
      after: sent.after ?? [],
      expect: sent.expect ?? [],
      for_each: sent.for_each ?? [],
      posture,
      threshold: sent.threshold ?? 1,
      within,
    };
  }

  #duration(seconds: number | null, place: Place): number | null {
    if (seconds !== null && seconds < 0) this.#refuse(place, 'Input should be greater than or equal to 0 seconds', seconds);
    return seconds;
  }

  #require(required: number | 'any' | 'all', triggers: number, place: Place): number | 'any' | 'all' {
    if (typeof required === 'number') {
      if (required < 1) this.#refuse(place, 'require must be at least 1', required);
      if (required > triggers) this.#refuse(place, 'require must be less than or equal to the number of triggers', required);
    }
    return required;
  }

  action(sent: Partial<Action>, place: Place): Action {
    switch (sent.type) {
      case 'run-deployment':
        return this.#runDeployment(sent, place);
      case 'pause-deployment':
      case 'resume-deployment':
        return { type: sent.type, ...this.#target(sent, 'deployment_id', place) };
      case 'pause-work-pool':
      case 'resume-work-pool':
        return { type: sent.type, ...this.#target(sent, 'work_pool_id', place) };
      case 'pause-work-queue':
      case 'resume-work-queue':
        return { type: sent.type, ...this.#target(sent, 'work_queue_id', place) };
      case 'pause-automation':
      case 'resume-automation':
        return { type: sent.type, ...this.#target(sent, 'automation_id', place) };
      case 'change-flow-run-state':
        return {
          type: sent.type,
          state: sent.state ?? 'CANCELLED',
          name: sent.name ?? null,
          message: sent.message ?? null,
          force: sent.force ?? false,
        };
      case 'call-webhook':
        this.#template(sent.payload ?? '', 'payload', place);
        return { type: sent.type, block_document_id: sent.block_document_id ?? '', payload: sent.payload ?? '' };
      case 'send-notification': {
        const { subject = 'Prefect automated notification', body = '' } = sent;
        this.#template(subject, 'subject', place);
        this.#template(body, 'body', place);
        return { type: sent.type, block_document_id: sent.block_document_id ?? '', subject, body };
      }
      case 'cancel-flow-run':
      case 'delete-flow-run':
      case 'resume-flow-run':
      case 'suspend-flow-run':
        return { type: sent.type };
      default:
        return { type: 'do-nothing' };
    }
  }

  #runDeployment(sent: Partial<Extract<Action, { type: 'run-deployment' }>>, place: Place): Action {
    const { parameters = null, job_variables = null, schedule_after = 0 } = sent;
    if (schedule_after < 0) this.#refuse([...place, 'schedule_after'], 'schedule_after must be non-negative', schedule_after);
    if (parameters) this.#parameters(parameters, place);
    return { type: 'run-deployment', ...this.#target(sent, 'deployment_id', place), parameters, job_variables, schedule_after };
  }

  #target<Key extends string>(
    sent: { source?: 'selected' | 'inferred' } & { readonly [Name in Key]?: string | null },
    key: Key,
    place: Place,
  ): { source: 'selected' | 'inferred' } & { [Name in Key]: string | null } {
    const { source = 'selected' } = sent;
    const id: string | null = sent[key] ?? null;
    if (source === 'selected' && id === null) this.#refuse(place, `${key} is required`, sent);
    if (source === 'inferred' && id !== null) this.#refuse(place, `${key} is not allowed`, sent);
    return { source, [key]: id } as { source: 'selected' | 'inferred' } & { [Name in Key]: string | null };
  }

  /** Placeholders have to make sense; what they stand for is looked up when the action is carried out. */
  #parameters(parameters: Record<string, unknown>, place: Place): void {
    const problems = Object.entries(parameters).flatMap(([key, value]) => {
      try {
        const variables = { has: () => true, get: () => null } as unknown as ReadonlyMap<string, unknown>;
        hydrate({ value }, { variables, renderTemplate: checkedTemplate });
        return [];
      } catch (error) {
        if (error instanceof HydrationError) return [`${key}: ${error.message}`];
        throw error;
      }
    });
    if (problems.length > 0) this.#refuse([...place, 'parameters'], `Invalid parameters: \n${problems.join('\n')}`, parameters);
  }

  #template(text: string, field: string, place: Place): void {
    if (!isTemplate(text)) return;
    try {
      parseTemplate(text);
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      this.#refuse([...place, field], `'${field}' is not a valid template: ${error.message}`, text);
    }
  }

  #refuse(place: Place, message: string, input: unknown): never {
    throw invalidValue(place, message, input, this.#body);
  }
}

/** What is not known yet is nothing. */
function checkedTemplate(template: string): string {
  parseTemplate(template);
  return 'null';
}
