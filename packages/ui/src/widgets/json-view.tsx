import { CopyButton } from './copyable.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** A value as indented JSON, to read and to copy. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  return (
    <div className="relative rounded-md border bg-surface-2">
      <div className="absolute end-1 top-1">
        <CopyButton text={text} label={`Copy ${label}`} />
      </div>
      <ScrollBox label={label} className="max-h-128 overflow-auto rounded-md p-3 pe-10">
        <pre className="font-mono text-xs leading-5">{text}</pre>
      </ScrollBox>
    </div>
  );
}
