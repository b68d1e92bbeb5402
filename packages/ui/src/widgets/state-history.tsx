import type { State } from '@prefect-ts/protocol';
import { LinkedText } from './linked-text.tsx';
import { StateBadge } from './state-badge.tsx';
import { FullTime } from './time.tsx';
import { formatSpan } from './time-text.ts';

/** The states that a run went through, the last one on top, with the time between. */
export function StateHistory({ states }: { states: readonly State[] }) {
  const ordered = [...states].sort((a, b) => (a.timestamp < b.timestamp ? 1 : -1));
  return (
    <ol className="card divide-y">
      {ordered.map((state, index) => {
        const before = ordered[index + 1];
        const span = before && Date.parse(state.timestamp) - Date.parse(before.timestamp);
        return (
          <li key={state.id} className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3">
            <span className="w-36 shrink-0">
              <StateBadge type={state.type} name={state.name} />
            </span>
            <span className="min-w-0 flex-1 basis-60 text-sm break-words whitespace-pre-wrap">
              {state.message ? <LinkedText text={state.message} /> : <span className="text-text-2">No message</span>}
            </span>
            <span className="text-end text-sm text-text-2">
              <FullTime at={state.timestamp} />
              {span !== undefined && <span className="tabular block text-xs">after {formatSpan(span)}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
