import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorState } from '../widgets/notice.tsx';

/** A page that broke while it was drawn; the shell around it keeps working. */
export function PageCrash({ error, reset }: ErrorComponentProps) {
  return (
    <div className="card">
      <ErrorState title="This page broke" error={error} retry={reset} />
    </div>
  );
}
