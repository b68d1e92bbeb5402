/** Something that has to be said again and again while work goes on. */
export type PulseJob =
  /** A flow run is alive: the event, less its id and time. */
  | { readonly kind: 'heartbeat'; readonly event: Readonly<Record<string, unknown>> }
  /** Slots are still in use. */
  | { readonly kind: 'lease'; readonly leaseId: string; readonly seconds: number };

/** What the thread of a pulse is told. */
export type PulseOrder =
  | { readonly type: 'start'; readonly id: number; readonly everyMs: number; readonly job: PulseJob }
  | { readonly type: 'stop'; readonly id: number };

/** What the thread tells: a lease is gone. */
export interface PulseLoss {
  readonly id: number;
  readonly reason: string;
}
