import type { FlowRunResponse } from '@prefect-ts/protocol';
import { Braces } from 'lucide-react';
import { JsonView } from '../../widgets/json-view.tsx';
import { EmptyState } from '../../widgets/notice.tsx';

export default function ParametersTab({ run }: { run: FlowRunResponse }) {
  const names = Object.keys(run.parameters);
  if (names.length === 0)
    return (
      <div className="card">
        <EmptyState icon={<Braces size={20} aria-hidden />} title="No parameters">
          This run was started without parameters.
        </EmptyState>
      </div>
    );
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <div className="card divide-y">
        {names.map((name) => (
          <div key={name} className="grid grid-cols-[minmax(6rem,auto)_1fr] gap-6 px-4 py-2.5 text-sm">
            <code className="font-mono text-text-2">{name}</code>
            <ParameterValue value={run.parameters[name]} />
          </div>
        ))}
      </div>
      <JsonView value={run.parameters} label="the parameters" />
    </div>
  );
}

function ParameterValue({ value }: { value: unknown }) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (
    <span className={`text-end break-words ${typeof value === 'string' ? '' : 'font-mono text-xs leading-5'}`}>
      {text === '' ? '""' : text}
    </span>
  );
}
