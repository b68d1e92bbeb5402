import type { ReceivedEvent } from '@prefect-ts/protocol';

/** Events with the same name in a row. */
export interface Burst {
  /** The oldest of them, so that a burst that grows at the top stays the same. */
  readonly id: string;
  readonly events: readonly ReceivedEvent[];
}

/** From so many on events in a row with the same name fold into one line. */
export const FOLD_FROM = 4;

/** Gathers events in a row with the same name; those of a short row stay single. */
export function gatherBursts(events: readonly ReceivedEvent[]): Burst[] {
  const bursts: Burst[] = [];
  let row: ReceivedEvent[] = [];
  const close = () => {
    const folded = row.length >= FOLD_FROM ? [row] : row.map((event) => [event]);
    for (const members of folded) bursts.push({ id: members.at(-1)?.id ?? '', events: members });
    row = [];
  };
  for (const event of events) {
    if (row[0] && row[0].event !== event.event) close();
    row.push(event);
  }
  close();
  return bursts;
}
