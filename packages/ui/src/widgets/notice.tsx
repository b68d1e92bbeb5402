import { CircleAlert, RotateCw } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { CommandLine } from './copyable.tsx';

/** Nothing is here: why, and what to do next. */
export function EmptyState({
  icon,
  title,
  children,
  command,
}: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  command?: string;
}) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      {icon && <div className="flex size-11 items-center justify-center rounded-full bg-surface-2 text-text-2">{icon}</div>}
      <h2 className="text-lg font-semibold">{title}</h2>
      {children && <div className="max-w-lg text-text-2">{children}</div>}
      {command && <CommandLine text={command} />}
    </div>
  );
}

/** Something failed: what, and a way to try again. */
export function ErrorState({ title, error, retry }: { title: string; error: unknown; retry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-14 text-center">
      <div className="flex size-11 items-center justify-center rounded-full bg-failed-bg text-failed-fg">
        <CircleAlert size={20} aria-hidden />
      </div>
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="max-w-lg break-words text-text-2">{error instanceof Error ? error.message : String(error)}</p>
      {retry && (
        <Button onPress={retry} icon={<RotateCw size={14} aria-hidden />}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Grey bars in the place of rows, shown only when loading takes long enough to notice. */
export function SkeletonRows({ count = 6 }: { count?: number }) {
  const shown = useDelayed(150);
  return (
    <div aria-busy="true" role="status" aria-label="Loading" className={shown ? '' : 'invisible'}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all the same
        <div key={index} className="flex h-15 items-center gap-4 border-b px-4 last:border-b-0">
          <div className="skeleton h-5 w-20 rounded-full" />
          <div className="flex-1 space-y-1.5">
            <div className="skeleton h-3 w-2/5" />
            <div className="skeleton h-3 w-1/4" />
          </div>
          <div className="skeleton h-3 w-16" />
        </div>
      ))}
    </div>
  );
}

function useDelayed(millis: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), millis);
    return () => clearTimeout(timer);
  }, [millis]);
  return passed;
}
