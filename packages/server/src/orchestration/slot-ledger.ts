import { type Micros, SECOND, uuid4 } from '@prefect-ts/protocol';

/** A concurrency limit as read for a transition. */
export interface SlotLimit {
  readonly id: string;
  readonly name: string;
  readonly limit: number;
  readonly active: boolean;
  /** Slots in use, decay included. */
  activeSlots: number;
  readonly averageOccupancySeconds: number;
}

/** Slots that somebody holds until `expiration`. */
export interface SlotLease {
  readonly id: string;
  readonly limitIds: readonly string[];
  readonly slots: number;
  readonly created: Micros;
  expiration: Micros;
  readonly holder: { readonly type: 'flow_run' | 'task_run' | 'deployment'; readonly id: string } | null;
}

/** What a transition did to limits and leases, to be stored with it. */
export interface SlotChanges {
  readonly limits: readonly SlotLimit[];
  readonly created: readonly SlotLease[];
  readonly renewed: readonly SlotLease[];
  readonly revoked: readonly string[];
}

/**
 * The limits and leases that a transition may touch, with what it did to them. The rows are locked while it runs, so what it takes
 * here is taken, and nothing is written before the transition is decided.
 */
export class SlotLedger {
  readonly #limits: ReadonlyMap<string, SlotLimit>;
  readonly #leases: Map<string, SlotLease>;
  readonly #changed = new Set<SlotLimit>();
  readonly #created = new Set<SlotLease>();
  readonly #renewed = new Set<SlotLease>();
  readonly #revoked = new Set<string>();

  constructor(limits: readonly SlotLimit[] = [], leases: readonly SlotLease[] = []) {
    this.#limits = new Map(limits.map((limit) => [limit.id, limit]));
    this.#leases = new Map(leases.map((lease) => [lease.id, lease]));
  }

  get limits(): SlotLimit[] {
    return [...this.#limits.values()];
  }

  get leases(): SlotLease[] {
    return [...this.#leases.values()];
  }

  limit(id: string | null): SlotLimit | undefined {
    return id === null ? undefined : this.#limits.get(id);
  }

  lease(id: string | null): SlotLease | undefined {
    return id === null ? undefined : this.#leases.get(id);
  }

  leasesOf(holderId: string): SlotLease[] {
    return [...this.#leases.values()].filter((lease) => lease.holder?.id === holderId);
  }

  /** Takes a slot of each limit, all or none, and gives the lease; `undefined` when one of them is full or inactive. */
  take(limitIds: readonly string[], holder: SlotLease['holder'], now: Micros, seconds: number): SlotLease | undefined {
    const limits = limitIds.map((id) => this.#limits.get(id));
    if (!limits.every((limit) => limit?.active && limit.activeSlots < limit.limit)) return undefined;
    for (const limit of limits) if (limit) this.#add(limit, 1);
    const lease: SlotLease = { id: uuid4(), limitIds, slots: 1, created: now, expiration: now + seconds * SECOND, holder };
    this.#leases.set(lease.id, lease);
    this.#created.add(lease);
    return lease;
  }

  renew(lease: SlotLease, now: Micros, seconds: number): void {
    lease.expiration = now + seconds * SECOND;
    if (!this.#created.has(lease)) this.#renewed.add(lease);
  }

  /** Gives a lease's slots back; a limit that is gone meanwhile has nothing to get. */
  release(lease: SlotLease): void {
    for (const id of lease.limitIds) {
      const limit = this.limit(id);
      if (limit) this.#add(limit, -lease.slots);
    }
    this.#leases.delete(lease.id);
    this.#renewed.delete(lease);
    if (!this.#created.delete(lease)) this.#revoked.add(lease.id);
  }

  changes(): SlotChanges {
    return { limits: [...this.#changed], created: [...this.#created], renewed: [...this.#renewed], revoked: [...this.#revoked] };
  }

  #add(limit: SlotLimit, slots: number): void {
    limit.activeSlots = Math.max(0, limit.activeSlots + slots);
    this.#changed.add(limit);
  }
}
