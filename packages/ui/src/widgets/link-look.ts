/** Links that look like buttons, since they lead to where something is done. */
export const PLAIN_LINK =
  'inline-flex h-8 pointer-coarse:h-11 shrink-0 items-center gap-1.5 rounded-md border bg-surface px-3 text-sm font-medium whitespace-nowrap shadow-1 hover:bg-surface-2';

export const PRIMARY_LINK =
  'inline-flex h-8 pointer-coarse:h-11 shrink-0 items-center gap-1.5 rounded-md bg-accent px-3 text-sm font-medium whitespace-nowrap text-accent-text shadow-1 hover:brightness-110';
