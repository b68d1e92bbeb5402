import { Link, useRouterState } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { EmptyState } from '../widgets/notice.tsx';
import { PageHeader } from './page-header.tsx';

/** For an address that no page answers to. */
export function NotFound() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <>
      <PageHeader title="Page not found" tabTitle="Page not found" />
      <div className="card">
        <EmptyState icon={<Compass size={20} aria-hidden />} title="Nothing lives at this address">
          <p className="break-all">
            There is no page at <code className="font-mono">{path}</code>. Perhaps what it showed was deleted, or a letter is
            missing.
          </p>
          <p className="mt-3 flex justify-center gap-4">
            <Link to="/runs" className="text-accent-fg underline">
              All runs
            </Link>
            <Link to="/deployments" className="text-accent-fg underline">
              All deployments
            </Link>
          </p>
        </EmptyState>
      </div>
    </>
  );
}
