import type { FlowRunResponse } from '@prefect-ts/protocol';
import { CopyableId } from '../../widgets/copyable.tsx';
import { DefinitionList } from '../../widgets/definition-list.tsx';
import { JsonView } from '../../widgets/json-view.tsx';
import { FullTime } from '../../widgets/time.tsx';

export default function DetailsTab({ run }: { run: FlowRunResponse }) {
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <div className="card p-4">
        <DefinitionList
          entries={[
            ['Id', <CopyableId key="id" id={run.id} />],
            ['Created', <FullTime key="created" at={run.created} />],
            ['Expected start', <FullTime key="expected" at={run.expected_start_time} />],
            ['Start', <FullTime key="start" at={run.start_time} />],
            ['End', <FullTime key="end" at={run.end_time} />],
            ['Attempts', run.run_count],
            ['Flow version', run.flow_version],
            ['Deployment version', run.deployment_version],
            ['Work queue', run.work_queue_name],
            ['Infrastructure', run.infrastructure_pid],
            ['Idempotency key', run.idempotency_key],
            ['Scheduled by the server', run.auto_scheduled ? 'yes' : 'no'],
            ['Retries', run.empirical_policy.retries],
          ]}
        />
      </div>
      <JsonView value={run} label="the run as JSON" />
    </div>
  );
}
