import type { ReactNode } from 'react';
import { Focusable, TooltipTrigger } from 'react-aria-components';
import { Tip } from './button.tsx';

/** Text that explains itself on hover and focus. */
export function Hint({ hint, children, className }: { hint: ReactNode; children: ReactNode; className?: string }) {
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      <Focusable>
        <span role="note" className={className}>
          {children}
        </span>
      </Focusable>
      <Tip>{hint}</Tip>
    </TooltipTrigger>
  );
}
