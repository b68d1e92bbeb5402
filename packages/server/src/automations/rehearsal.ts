import { formatTimestamp, type Micros, parseTimestamp, SECOND, uuid7 } from '@prefect-ts/protocol';
import { type Bucket, onEvent, onTime } from './buckets.ts';
import { type Firing, onChildFiring } from './composites.ts';
import {
  bucketingKey,
  bucketingLabels,
  type CompositeTrigger,
  covers,
  coversName,
  eventTriggers,
  type PlacedTrigger,
  type Trigger,
  type TriggeringEvent,
} from './triggers.ts';

export interface RehearsalOptions {
  readonly since: Micros;
  /** How long a reactive window is remembered behind its end. */
  readonly expiredBucketSeconds: number;
  /** It ends with so many firings. */
  readonly mostFirings: number;
}

interface OpenBucket {
  readonly placed: PlacedTrigger;
  readonly key: readonly string[];
  bucket: Bucket;
}

/**
 * Goes through events that are over, as if an automation had been there: the same rules as in `evaluator.ts` and `absences.ts`, on buckets in
 * memory and without consequences. Events are shown in the order of their times.
 */
export class Rehearsal {
  readonly firings: Firing[] = [];
  readonly #triggers: readonly PlacedTrigger[];
  readonly #options: RehearsalOptions;
  readonly #buckets = new Map<string, OpenBucket>();
  readonly #stored = new Map<string, readonly Firing[]>();
  /** No window of a proactive trigger ends before this. */
  #nextEnd: Micros = Number.POSITIVE_INFINITY;
  #lastTime: Micros = 0;

  constructor(trigger: Trigger, options: RehearsalOptions) {
    this.#triggers = eventTriggers(trigger);
    this.#options = options;
    for (const placed of this.#triggers)
      if (placed.trigger.posture === 'Proactive' && placed.trigger.for_each.length === 0)
        this.#keep(placed, [], standing(placed, options.since));
  }

  get isOver(): boolean {
    return this.firings.length >= this.#options.mostFirings;
  }

  /** Whether events of a name could concern the triggers. */
  concerns(name: string): boolean {
    return this.#triggers.some(({ trigger }) => coversName(trigger, name));
  }

  /** @returns whether the event concerned a trigger. */
  show(event: TriggeringEvent): boolean {
    const occurred = parseTimestamp(event.occurred) ?? 0;
    this.passTime(occurred);
    const covering = this.#triggers.filter(({ trigger }) => covers(trigger, event));
    for (const placed of covering) {
      const key = bucketingKey(placed.trigger, event);
      const { bucket, firings } = onEvent(placed.trigger, this.#remembered(placed, key, occurred), event);
      this.#keep(placed, key, bucket);
      for (const { event: reason } of firings) this.#fire(placed, key, reason, occurred);
    }
    return covering.length > 0;
  }

  /** Looks for what had not happened until then. */
  passTime(until: Micros): void {
    while (this.#nextEnd <= until && !this.isOver) {
      const ended = [...this.#buckets.values()].filter(isProactive).sort((a, b) => a.bucket.ends - b.bucket.ends);
      for (const open of ended) {
        const { placed, key, bucket } = open;
        if (bucket.ends > until || this.isOver) break;
        const isFull = bucket.count >= placed.trigger.threshold;
        const { bucket: next, firings } = isFull
          ? { bucket: undefined, firings: [] }
          : onTime(placed.trigger, bucket, bucket.ends);
        this.#keep(placed, key, next ?? (placed.trigger.for_each.length === 0 ? standing(placed, bucket.ends) : undefined));
        for (const { event } of firings) this.#fire(placed, key, event, bucket.ends);
      }
      this.#nextEnd = [...this.#buckets.values()]
        .filter(isProactive)
        .reduce((least, { bucket }) => Math.min(least, bucket.ends), Number.POSITIVE_INFINITY);
    }
  }

  #remembered({ trigger }: PlacedTrigger, key: readonly string[], now: Micros): Bucket | undefined {
    const bucket = this.#buckets.get(addressOf(trigger.id, key))?.bucket;
    const isSwept = bucket && bucket.ends < now - this.#options.expiredBucketSeconds * SECOND;
    return isSwept ? undefined : bucket;
  }

  #keep(placed: PlacedTrigger, key: readonly string[], bucket: Bucket | undefined): void {
    const address = addressOf(placed.trigger.id, key);
    if (!bucket) {
      this.#buckets.delete(address);
      return;
    }
    this.#buckets.set(address, { placed, key, bucket });
    if (placed.trigger.posture === 'Proactive') this.#nextEnd = Math.min(this.#nextEnd, bucket.ends);
  }

  #fire({ trigger, parents }: PlacedTrigger, key: readonly string[], event: TriggeringEvent | null, at: Micros): void {
    const labels = Object.fromEntries(bucketingLabels(trigger).map((label, index) => [label, key[index] ?? '']));
    let firing: Firing | undefined = this.#firing(trigger, labels, [], event, at);
    for (const parent of parents) firing = firing && this.#passUp(parent, firing, at);
    if (firing) this.firings.push(firing);
  }

  #passUp(parent: CompositeTrigger, firing: Firing, at: Micros): Firing | undefined {
    const { kept, fires } = onChildFiring(parent, this.#stored.get(parent.id) ?? [], firing);
    this.#stored.set(parent.id, kept);
    const last = fires?.at(-1);
    return fires && last && this.#firing(parent, {}, fires, last.triggering_event, at);
  }

  #firing(
    trigger: Trigger,
    labels: Readonly<Record<string, string>>,
    firings: readonly Firing[],
    event: TriggeringEvent | null,
    at: Micros,
  ): Firing {
    // Sequences tell firings apart by their times.
    this.#lastTime = Math.max(at, this.#lastTime + 1);
    return {
      id: uuid7(this.#lastTime / 1000),
      trigger,
      trigger_states: ['Triggered'],
      triggered: formatTimestamp(this.#lastTime),
      triggering_labels: labels,
      triggering_firings: firings,
      triggering_event: event,
      triggering_value: null,
    };
  }
}

/** The window of a proactive trigger that waits for anything at all. */
function standing({ trigger }: PlacedTrigger, starts: Micros): Bucket {
  return { starts, ends: starts + trigger.within * SECOND, count: 0, lastEvent: null };
}

function isProactive({ placed }: OpenBucket): boolean {
  return placed.trigger.posture === 'Proactive';
}

function addressOf(triggerId: string, key: readonly string[]): string {
  return JSON.stringify([triggerId, ...key]);
}
