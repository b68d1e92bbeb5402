import { useId, useState } from 'react';
import { INPUT_LOOK, Select } from './fields.tsx';

const UNITS = [
  { id: '1', title: 'seconds' },
  { id: '60', title: 'minutes' },
  { id: '3600', title: 'hours' },
  { id: '86400', title: 'days' },
] as const;
type Unit = (typeof UNITS)[number]['id'];

/** A span of time as a number of some unit; the value is in seconds. */
export function DurationField({ label, value, onChange }: { label: string; value: number; onChange: (seconds: number) => void }) {
  const id = useId();
  const [unit, setUnit] = useState<Unit>(() => largestUnit(value));
  const shown = value / Number(unit);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="flex gap-1.5">
        <input
          id={id}
          type="number"
          min={0}
          step="any"
          value={Number.isFinite(shown) ? Number(shown.toFixed(3)) : ''}
          onChange={(event) => onChange(Math.max(0, Number(event.target.value) * Number(unit)))}
          className={`${INPUT_LOOK} tabular max-w-28`}
        />
        <Select
          label={`Unit of ${label.toLowerCase()}`}
          choices={UNITS}
          value={unit}
          onChange={(next) => {
            setUnit(next);
            onChange(shown * Number(next));
          }}
        />
      </div>
    </div>
  );
}

function largestUnit(seconds: number): Unit {
  return UNITS.findLast(({ id }) => seconds >= Number(id) && seconds % Number(id) === 0)?.id ?? '1';
}
