import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';

export interface Crumb {
  title: string;
  link: Pick<LinkProps, 'to' | 'params' | 'search'>;
}

/** The top of a page: where it stands, its one heading, and what can be done. Sets the title of the tab. */
export function PageHeader({
  title,
  tabTitle,
  crumbs = [],
  children,
  actions,
}: {
  title: ReactNode;
  tabTitle: string;
  crumbs?: Crumb[];
  children?: ReactNode;
  actions?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${tabTitle} · Prefect-TS`;
  }, [tabTitle]);
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-80">
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb" className="mb-1">
            <ol className="flex flex-wrap items-center gap-1 text-sm text-text-2">
              {crumbs.map((crumb) => (
                <li key={crumb.title} className="flex items-center gap-1">
                  <Link {...crumb.link} className="rounded-sm hover:text-text hover:underline">
                    {crumb.title}
                  </Link>
                  <ChevronRight size={13} aria-hidden />
                </li>
              ))}
            </ol>
          </nav>
        )}
        <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
        {children}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
