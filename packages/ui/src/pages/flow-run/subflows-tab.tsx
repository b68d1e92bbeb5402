import { GitBranch } from 'lucide-react';
import { useMemo } from 'react';
import { FlowRunList } from '../../run-list/flow-run-list.tsx';
import { EmptyState } from '../../widgets/notice.tsx';

export default function SubflowsTab({ runId }: { runId: string }) {
  const request = useMemo(
    () => ({ flow_runs: { parent_flow_run_id: { any_: [runId] } }, sort: 'START_TIME_ASC' as const }),
    [runId],
  );
  return (
    <div className="card">
      <FlowRunList
        request={request}
        empty={
          <EmptyState icon={<GitBranch size={20} aria-hidden />} title="No subflows">
            When this flow calls another flow, that run shows here.
          </EmptyState>
        }
      />
    </div>
  );
}
