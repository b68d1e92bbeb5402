import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './button.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** A button that puts a text on the clipboard and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const Icon = copied ? Check : Copy;
  return <IconButton label={copied ? 'Copied' : label} onPress={() => void copy()} icon={<Icon size={14} aria-hidden />} />;
}

/** A line to type in a terminal. */
export function CommandLine({ text }: { text: string }) {
  return (
    <div className="flex max-w-full items-center gap-1 rounded-md border bg-surface-2 py-0.5 ps-3 pe-1 text-start">
      <ScrollBox label={`Command ${text}`} className="overflow-x-auto rounded-sm">
        <code className="font-mono text-sm whitespace-nowrap">
          <span aria-hidden className="text-text-2 select-none">
            ${' '}
          </span>
          {text}
        </code>
      </ScrollBox>
      <CopyButton text={text} label="Copy the command" />
    </div>
  );
}

/** A short piece of an id, with a button for the whole. */
export function CopyableId({ id }: { id: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      <code className="font-mono text-xs" title={id}>
        {id.slice(0, 8)}
      </code>
      <CopyButton text={id} label="Copy the id" />
    </span>
  );
}
