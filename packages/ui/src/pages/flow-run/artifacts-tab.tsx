import { useQuery } from '@tanstack/react-query';
import { Package } from 'lucide-react';
import { flowRunArtifacts } from '../../api/queries.ts';
import { ArtifactCard } from '../../artifacts/artifact-card.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';

export default function ArtifactsTab({ runId, live }: { runId: string; live: boolean }) {
  const query = useQuery(flowRunArtifacts(runId));
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && !query.data)
    return <ErrorState title="The artifacts could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <div className="card">
        <EmptyState icon={<Package size={20} aria-hidden />} title="No artifacts">
          {live ? 'Tables, texts and links that the run makes show here.' : 'This run left no tables, texts or links behind.'}
        </EmptyState>
      </div>
    );
  return (
    <div className="grid grid-cols-1 items-start gap-4 xl:grid-cols-2">
      {query.data.map((artifact) => (
        <ArtifactCard key={artifact.id} artifact={artifact} />
      ))}
    </div>
  );
}
