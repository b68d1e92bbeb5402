import type { FlowRunResponse } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { flowRunStates } from '../../api/queries.ts';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { StateHistory } from '../../widgets/state-history.tsx';

export default function StatesTab({ run }: { run: FlowRunResponse }) {
  const query = useQuery(flowRunStates(run.id));
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && !query.data)
    return <ErrorState title="The states could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  return <StateHistory states={query.data} />;
}
