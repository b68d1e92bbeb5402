import type { Artifact } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import { FileText, Gauge, Image, Link as LinkIcon, type LucideIcon, Package, Table2 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { JsonView } from '../widgets/json-view.tsx';
import { LinkedText } from '../widgets/linked-text.tsx';
import { RelativeTime } from '../widgets/time.tsx';
import { ArtifactTable } from './artifact-table.tsx';
import { readTable } from './table.ts';

const Markdown = lazy(() => import('../widgets/markdown.tsx'));

/** The picture of each kind of artifact. */
export const ARTIFACT_ICONS: Record<string, LucideIcon> = {
  markdown: FileText,
  table: Table2,
  progress: Gauge,
  link: LinkIcon,
  image: Image,
};

/** What a run left to be looked at. */
export function ArtifactCard({ artifact }: { artifact: Artifact }) {
  const Icon = ARTIFACT_ICONS[artifact.type ?? ''] ?? Package;
  return (
    <article className="card min-w-0">
      <header className="flex items-center gap-2 border-b px-4 py-2.5">
        <Icon size={15} aria-hidden className="shrink-0 text-text-2" />
        <h2 className="min-w-0 flex-1 truncate text-sm font-semibold">
          <Link to="/artifacts/artifact/$id" params={{ id: artifact.id }} className="hover:underline">
            {artifact.key ?? artifact.type ?? 'Artifact'}
          </Link>
        </h2>
        <span className="text-xs text-text-2">
          <RelativeTime at={artifact.created} />
        </span>
      </header>
      {artifact.description && (
        <div className="border-b px-4 py-2.5 text-sm text-text-2">
          <Suspense fallback={artifact.description}>
            <Markdown source={artifact.description} />
          </Suspense>
        </div>
      )}
      <div className="p-4">
        <ArtifactBody artifact={artifact} />
      </div>
    </article>
  );
}

/** What an artifact holds, by its kind. */
function ArtifactBody({ artifact: { type, data } }: { artifact: Pick<Artifact, 'type' | 'data'> }) {
  if (typeof data === 'string' && (type === 'markdown' || type === 'link'))
    return (
      <Suspense fallback={<pre className="text-sm whitespace-pre-wrap">{data}</pre>}>
        <Markdown source={data} />
      </Suspense>
    );
  if (type === 'progress' && typeof data === 'number') return <Progress percent={data} />;
  if (type === 'image' && typeof data === 'string')
    return (
      <p className="text-sm break-all">
        An image at{' '}
        <span className="font-mono">
          <LinkedText text={data} />
        </span>
        . Images from other hosts are not loaded here.
      </p>
    );
  if (type === 'table') {
    const table = readTable(data);
    if (table) return <ArtifactTable {...table} />;
  }
  return <JsonView value={data} label="the artifact's data" />;
}

function Progress({ percent }: { percent: number }) {
  const shown = Math.min(100, Math.max(0, percent));
  return (
    <div className="flex items-center gap-3">
      <div
        role="progressbar"
        aria-label="Progress"
        aria-valuenow={shown}
        aria-valuemin={0}
        aria-valuemax={100}
        className="h-2 flex-1 rounded-full bg-surface-2"
      >
        <div className="h-2 rounded-full bg-running-solid" style={{ width: `${shown}%` }} />
      </div>
      <span className="tabular text-sm">{shown.toFixed(0)} %</span>
    </div>
  );
}
