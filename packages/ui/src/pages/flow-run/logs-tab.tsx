import type { FlowRunSearch } from '../../filters/flow-run-search.ts';
import { LogBar, levelNumber } from '../../logs/log-bar.tsx';
import { LogView } from '../../logs/log-view.tsx';

export function LogsTab({
  runId,
  search,
  onChange,
  live,
  taskNames,
}: {
  runId: string;
  search: FlowRunSearch;
  onChange: (change: Partial<FlowRunSearch>) => void;
  live: boolean;
  taskNames: ReadonlyMap<string, string>;
}) {
  return (
    <div className="card">
      <LogBar flowRunId={runId} level={search.level ?? 'debug'} text={search.q ?? ''} onChange={onChange} />
      <LogView
        scope={{ flowRunId: runId, level: levelNumber(search.level), text: search.q ?? '' }}
        taskNames={taskNames}
        live={live}
      />
    </div>
  );
}
