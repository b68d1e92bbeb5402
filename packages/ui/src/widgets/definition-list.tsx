import type { ReactNode } from 'react';

export type Definition = readonly [term: string, detail: ReactNode];

/** Names and values side by side; entries without a value are left out. */
export function DefinitionList({ entries }: { entries: readonly Definition[] }) {
  return (
    <dl className="grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6 gap-y-2 text-sm">
      {entries
        .filter(([, detail]) => detail !== null && detail !== undefined && detail !== '')
        .map(([term, detail]) => (
          <div key={term} className="col-span-2 grid grid-cols-subgrid items-baseline">
            <dt className="text-text-2">{term}</dt>
            <dd className="min-w-0 break-words">{detail}</dd>
          </div>
        ))}
    </dl>
  );
}
