import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps, Tooltip, TooltipTrigger } from 'react-aria-components';
import { classNames } from './class-names.ts';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children' | 'style'> {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: ReactNode;
  children?: ReactNode;
}

const LOOKS = {
  primary: 'bg-accent text-accent-text hover:brightness-110 data-[pressed]:brightness-95 shadow-1',
  plain: 'bg-surface text-text border border-border hover:bg-surface-2 shadow-1',
  quiet: 'text-text-2 hover:bg-surface-2 hover:text-text',
  danger: 'bg-danger text-danger-text hover:brightness-110 shadow-1',
};

/** A button with words. */
export function Button({ kind = 'plain', icon, children, ...props }: ButtonProps) {
  return (
    <AriaButton
      {...props}
      className={classNames(
        'inline-flex h-8 pointer-coarse:h-11 shrink-0 cursor-pointer items-center justify-center gap-1.5 rounded-md px-3 text-sm font-medium whitespace-nowrap transition-colors duration-100 disabled:cursor-default data-[disabled]:opacity-50',
        LOOKS[kind],
      )}
    >
      {icon}
      {children}
    </AriaButton>
  );
}

/** A button that is only a picture; its name shows as a tooltip. */
export function IconButton({ label, icon, ...props }: Omit<ButtonProps, 'children' | 'kind'> & { label: string }) {
  return (
    <TooltipTrigger delay={400} closeDelay={0}>
      <AriaButton
        {...props}
        aria-label={label}
        className="inline-flex size-8 pointer-coarse:size-11 shrink-0 cursor-pointer items-center justify-center rounded-md text-text-2 transition-colors duration-100 hover:bg-surface-2 hover:text-text data-[disabled]:opacity-50"
      >
        {icon}
      </AriaButton>
      <Tip>{label}</Tip>
    </TooltipTrigger>
  );
}

/** The dark bubble of a tooltip. */
export function Tip({ children }: { children: ReactNode }) {
  return (
    <Tooltip offset={6} className="animate-layer z-50 max-w-80 rounded-md bg-text px-2 py-1 text-xs text-bg shadow-2">
      {children}
    </Tooltip>
  );
}
