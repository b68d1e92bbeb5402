import type { UiFlowRun, UiFlowRunPage } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { mergeFlowRuns } from './flow-run-pages.ts';

function aRun(id: string, change: Partial<UiFlowRun> = {}): UiFlowRun {
  return {
    id,
    name: `run ${id}`,
    flow_id: 'f',
    flow_name: 'etl',
    deployment_id: null,
    deployment_name: null,
    work_pool_name: null,
    work_queue_name: null,
    parent_flow_run_id: null,
    parent_flow_run_name: null,
    state_type: 'RUNNING',
    state_name: 'Running',
    state_message: null,
    state_timestamp: null,
    expected_start_time: null,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    run_count: 1,
    auto_scheduled: false,
    tags: [],
    ...change,
  };
}

function aPage(...ids: string[]): UiFlowRunPage {
  return {
    results: ids.map((id) => aRun(id)),
    total: 3,
    total_is_exact: true,
    next: null,
    window: { after: null, before: null },
    position: '0',
  };
}

const loaded = { pages: [aPage('1', '2'), aPage('3')], pageParams: [null, 'next'] };
const idsOf = (merged: typeof loaded) => merged.pages.map((page) => page.results.map((row) => row.id));

describe('live changes of a list of flow runs', () => {
  it('replace a run where it stands', () => {
    const merged = mergeFlowRuns(loaded, [{ kind: 'flow_run', row: aRun('3', { state_type: 'COMPLETED' }) }]);
    expect(idsOf(merged)).toEqual([['1', '2'], ['3']]);
    expect(merged.pages[1]?.results[0]?.state_type).toBe('COMPLETED');
    expect(merged.pages[0]?.total).toBe(3);
  });

  it('put new runs on top, the last one first, and count them', () => {
    const merged = mergeFlowRuns(loaded, [
      { kind: 'flow_run', row: aRun('8') },
      { kind: 'flow_run', row: aRun('9') },
    ]);
    expect(idsOf(merged)).toEqual([['9', '8', '1', '2'], ['3']]);
    expect(merged.pages[0]?.total).toBe(5);
  });

  it('take out a run that does not match any more', () => {
    const merged = mergeFlowRuns(loaded, [{ kind: 'flow_run_gone', id: '2' }]);
    expect(idsOf(merged)).toEqual([['1'], ['3']]);
    expect(merged.pages[1]?.total).toBe(2);
  });

  it('end in what came last for a run', () => {
    const both = mergeFlowRuns(loaded, [
      { kind: 'flow_run_gone', id: '1' },
      { kind: 'flow_run', row: aRun('1') },
      { kind: 'flow_run', row: aRun('7') },
      { kind: 'flow_run_gone', id: '7' },
    ]);
    expect(idsOf(both)).toEqual([['1', '2'], ['3']]);
  });

  it('change nothing when a run leaves that was not loaded', () => {
    expect(mergeFlowRuns(loaded, [{ kind: 'flow_run_gone', id: 'x' }]).pages[0]?.total).toBe(3);
  });
});
