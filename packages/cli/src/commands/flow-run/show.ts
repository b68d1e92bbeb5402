import type { FlowRunResponse } from '@prefect-ts/protocol';
import { orMissing, readPages, seeList } from '../../answers.ts';
import { argument, command, flag, many, output, positive, uuid, value, withDefault } from '../../command.ts';
import { dashboardLink, openInBrowser } from '../../links.ts';
import type { Session } from '../../session.ts';
import { paintState } from '../../terminal/states.ts';
import { describeDistance } from '../../terminal/time.ts';
import { stateFilter, stateOptions } from '../state-filter.ts';

export const ls = command({
  summary: 'List flow runs, those that start last first',
  options: {
    flowName: many('--flow-name <name>', 'Only runs of this flow; may repeat'),
    limit: withDefault(value('--limit <n>', 'How many to list', positive), 15),
    ...stateOptions,
    output: output(),
  },
  async run({ options, session }) {
    const { out } = session;
    const client = await session.client();
    const runs = await readPages(options.limit, (slice) =>
      client.call('POST /flow_runs/filter', {
        body: {
          ...slice,
          sort: 'EXPECTED_START_TIME_DESC',
          flow_runs: { state: stateFilter(options.state, options.stateType) },
          ...(options.flowName.length > 0 ? { flows: { name: { any_: [...options.flowName] } } } : {}),
        },
      }),
    );
    if (options.output) return out.json(runs);
    if (runs.length === 0) return out.line('No flow runs found.');
    const flows = await flowNames(session, runs);
    out.table(runs, [
      { title: 'ID', cell: ({ id }) => id, paint: (text) => out.colors.cyan(text) },
      { title: 'Flow', cell: ({ flow_id }) => flows.get(flow_id) },
      { title: 'Name', cell: ({ name }) => name },
      {
        title: 'State',
        cell: ({ state_name }) => state_name,
        paint: (text, { state_type }) => paintState(out, state_type, text),
      },
      { title: 'When', cell: (run) => describeDistance(run.end_time ?? run.start_time ?? run.expected_start_time) },
    ]);
  },
});

export const inspect = command({
  summary: 'Show all that is known about a flow run',
  arguments: { id: argument('Id of the flow run', uuid) },
  options: { web: flag('--web', 'Open it in the dashboard'), output: output() },
  async run({ args: { id }, options, session }) {
    const client = await session.client();
    const run = await orMissing(
      client.call('GET /flow_runs/{id}', { path: { id } }),
      `Flow run '${id}' not found!`,
      seeList('flow-run'),
    );
    const url = options.web ? await dashboardLink(session, `/runs/flow-run/${id}`) : undefined;
    if (url) {
      session.out.line(url);
      await openInBrowser(url);
    } else if (options.output) session.out.json(run);
    else await session.out.object(run);
  },
});

async function flowNames(session: Session, runs: readonly FlowRunResponse[]): Promise<Map<string, string>> {
  const client = await session.client();
  const ids = [...new Set(runs.map(({ flow_id }) => flow_id))];
  const flows = await readPages(ids.length, (slice) =>
    client.call('POST /flows/filter', { body: { ...slice, flows: { id: { any_: ids } } } }),
  );
  return new Map(flows.map(({ id, name }) => [id, name]));
}
