import { FLOWS, idsOf, POOLS, TAGS, type World } from './rows.ts';

/** A question to the server; `body` makes another one for each turn, so that no answer is that of the turn before. */
export interface Query {
  readonly name: string;
  readonly path: (turn: number) => string;
  /** Nothing for a GET. */
  readonly body?: (turn: number) => unknown;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What people, dashboards, workers and clients ask, by subject. */
export function queries(world: World): Query[] {
  const ids = idsOf(world);
  const at = (secondsFromNow: number) => new Date(world.now / 1000 + secondsFromNow * 1000).toISOString();
  const post = (name: string, path: string, body: (turn: number) => unknown): Query => ({ name, path: () => path, body });
  const get = (name: string, path: (turn: number) => string): Query => ({ name, path });
  const flow = (turn: number) => ids.flow((turn * 37) % FLOWS);
  const deployment = (turn: number) => ids.deployment((turn * 41) % 400);
  const tag = (turn: number) => `tag-${turn % TAGS}`;
  const finishedRun = (turn: number) => ids.flowRun((turn * 7919) % (ids.finished - 100));
  const largeRun = (turn: number) => ids.flowRun(ids.largeRun(turn % 20));
  const state = (...types: string[]) => ({ state: { type: { any_: types } } });
  const started = (seconds: number) => ({ start_time: { after_: at(-seconds) } });
  const expected = (seconds: number) => ({ expected_start_time: { after_: at(-seconds), before_: at(0) } });
  const history = (days: number, buckets: number) => ({
    history_start: at(-days * DAY),
    history_end: at(0),
    history_interval_seconds: Math.floor((days * DAY) / buckets),
  });
  const list = (what: string, path: string, filter: (turn: number) => object, sorts: readonly string[]): Query[] =>
    sorts.map((sort) => post(`${path} ${what} ${sort}`, `${path}filter`, (turn) => ({ ...filter(turn), sort, limit: 50 })));
  const FLOW_RUN_SORTS = [
    'ID_DESC',
    'START_TIME_DESC',
    'START_TIME_ASC',
    'EXPECTED_START_TIME_DESC',
    'EXPECTED_START_TIME_ASC',
    'NAME_ASC',
    'NAME_DESC',
    'NEXT_SCHEDULED_START_TIME_ASC',
    'END_TIME_DESC',
  ];
  const TASK_RUN_SORTS = [
    'ID_DESC',
    'EXPECTED_START_TIME_DESC',
    'EXPECTED_START_TIME_ASC',
    'NAME_ASC',
    'NAME_DESC',
    'NEXT_SCHEDULED_START_TIME_ASC',
    'END_TIME_DESC',
  ];
  const USUAL = ['ID_DESC', 'START_TIME_DESC', 'EXPECTED_START_TIME_DESC'];
  const FR = '/flow_runs/';
  const TR = '/task_runs/';
  const UI = '/ui/flow_runs/page';

  return [
    ...list('newest', FR, () => ({}), FLOW_RUN_SORTS),
    ...list('completed', FR, () => ({ flow_runs: state('COMPLETED') }), USUAL),
    ...list('failed or crashed', FR, () => ({ flow_runs: state('FAILED', 'CRASHED') }), USUAL),
    ...list('running', FR, () => ({ flow_runs: state('RUNNING') }), USUAL),
    ...list('late', FR, () => ({ flow_runs: { state: { name: { any_: ['Late'] } } } }), USUAL),
    ...list('planned', FR, () => ({ flow_runs: state('SCHEDULED') }), [
      'NEXT_SCHEDULED_START_TIME_ASC',
      'EXPECTED_START_TIME_ASC',
    ]),
    ...list('of a flow', FR, (turn) => ({ flows: { id: { any_: [flow(turn)] } } }), USUAL),
    ...list('of a flow by name', FR, (turn) => ({ flows: { name: { like_: `-${(turn * 37) % FLOWS}` } } }), ['START_TIME_DESC']),
    ...list('of a deployment', FR, (turn) => ({ flow_runs: { deployment_id: { any_: [deployment(turn)] } } }), USUAL),
    ...list('of a deployment (deployments)', FR, (turn) => ({ deployments: { id: { any_: [deployment(turn)] } } }), [
      'START_TIME_DESC',
    ]),
    ...list(
      'failed of a deployment',
      FR,
      (turn) => ({ flow_runs: { deployment_id: { any_: [deployment(turn)] }, ...state('FAILED') } }),
      ['START_TIME_DESC'],
    ),
    ...list('with a tag', FR, (turn) => ({ flow_runs: { tags: { all_: [tag(turn)] } } }), USUAL),
    ...list('with a tag that nobody has', FR, (turn) => ({ flow_runs: { tags: { all_: [`none-${turn}`] } } }), [
      'START_TIME_DESC',
    ]),
    ...list('with a name part', FR, () => ({ flow_runs: { name: { like_: 'amber-ot' } } }), USUAL),
    ...list('with a name that nobody has', FR, (turn) => ({ flow_runs: { name: { like_: `nobody-${turn}` } } }), [
      'START_TIME_DESC',
    ]),
    ...list('of the last day', FR, () => ({ flow_runs: started(DAY) }), USUAL),
    ...list(
      'of a day long ago',
      FR,
      (turn) => ({
        flow_runs: { start_time: { after_: at(-(60 + (turn % 20)) * DAY), before_: at(-(59 + (turn % 20)) * DAY) } },
      }),
      USUAL,
    ),
    ...list('of a work pool', FR, (turn) => ({ work_pools: { name: { any_: [`pool-${turn % POOLS}`] } } }), ['START_TIME_DESC']),
    ...list(
      'of a parent',
      FR,
      (turn) => ({
        flow_runs: {
          parent_flow_run_id: { any_: [ids.flowRun(19 + 20 * (((turn * 97) % 4000) % Math.floor(ids.finished / 20)))] },
        },
      }),
      ['START_TIME_DESC'],
    ),
    ...list('without subflows', FR, () => ({ flow_runs: { parent_task_run_id: { is_null_: true } } }), ['START_TIME_DESC']),
    post(`${FR}paginate page 1`, `${FR}paginate`, (turn) => ({ sort: 'START_TIME_DESC', limit: 50, page: 1 + (turn % 2) })),
    post(`${FR}paginate page 200`, `${FR}paginate`, (turn) => ({ sort: 'START_TIME_DESC', limit: 50, page: 200 + (turn % 3) })),

    post(`${FR}count all`, `${FR}count`, () => ({})),
    post(`${FR}count completed`, `${FR}count`, () => ({ flow_runs: state('COMPLETED') })),
    post(`${FR}count failed or crashed`, `${FR}count`, () => ({ flow_runs: state('FAILED', 'CRASHED') })),
    post(`${FR}count running`, `${FR}count`, () => ({ flow_runs: state('RUNNING') })),
    post(`${FR}count late`, `${FR}count`, () => ({ flow_runs: { state: { name: { any_: ['Late'] } } } })),
    post(`${FR}count of the last day`, `${FR}count`, () => ({ flow_runs: started(DAY) })),
    post(`${FR}count completed of the last week`, `${FR}count`, () => ({
      flow_runs: { ...started(7 * DAY), ...state('COMPLETED') },
    })),
    post(`${FR}count of a flow`, `${FR}count`, (turn) => ({ flows: { id: { any_: [flow(turn)] } } })),
    post(`${FR}count of a deployment`, `${FR}count`, (turn) => ({ deployments: { id: { any_: [deployment(turn)] } } })),
    post(`${FR}count with a tag`, `${FR}count`, (turn) => ({ flow_runs: { tags: { all_: [tag(turn)] } } })),
    post(`${FR}count with a name part`, `${FR}count`, () => ({ flow_runs: { name: { like_: 'amber-ot' } } })),

    post(`${FR}history of a day`, `${FR}history`, () => history(1, 24)),
    post(`${FR}history of a week`, `${FR}history`, () => history(7, 28)),
    post(`${FR}history of 90 days`, `${FR}history`, () => history(90, 90)),
    post(`${FR}history of a week of a flow`, `${FR}history`, (turn) => ({
      ...history(7, 28),
      flows: { id: { any_: [flow(turn)] } },
    })),
    post(`${FR}history of 90 days of a deployment`, `${FR}history`, (turn) => ({
      ...history(90, 90),
      deployments: { id: { any_: [deployment(turn)] } },
    })),
    post(`${FR}lateness of a day`, `${FR}lateness`, () => ({ flow_runs: expected(DAY) })),
    post(`${FR}lateness of a week`, `${FR}lateness`, () => ({ flow_runs: expected(7 * DAY) })),
    post(`${FR}lateness of all`, `${FR}lateness`, () => ({})),

    ...list('newest', TR, () => ({}), TASK_RUN_SORTS),
    ...list('of a run', TR, (turn) => ({ task_runs: { flow_run_id: { any_: [finishedRun(turn)] } } }), [
      'ID_DESC',
      'EXPECTED_START_TIME_DESC',
    ]),
    ...list('of a run (flow_runs)', TR, (turn) => ({ flow_runs: { id: { any_: [finishedRun(turn)] } } }), [
      'EXPECTED_START_TIME_DESC',
    ]),
    ...list('of a large run', TR, (turn) => ({ flow_runs: { id: { any_: [largeRun(turn)] } } }), [
      'EXPECTED_START_TIME_DESC',
      'END_TIME_DESC',
    ]),
    ...list('failed', TR, () => ({ task_runs: state('FAILED', 'CRASHED') }), ['ID_DESC', 'EXPECTED_START_TIME_DESC']),
    ...list('running', TR, () => ({ task_runs: state('RUNNING') }), ['ID_DESC', 'EXPECTED_START_TIME_DESC']),
    ...list('of a flow', TR, (turn) => ({ flows: { id: { any_: [flow(turn)] } } }), ['EXPECTED_START_TIME_DESC']),
    ...list('with a tag', TR, (turn) => ({ task_runs: { tags: { all_: [tag(turn)] } } }), ['EXPECTED_START_TIME_DESC']),
    ...list('with a name part', TR, () => ({ task_runs: { name: { like_: 'score-77' } } }), ['EXPECTED_START_TIME_DESC']),
    ...list('of the last hour', TR, () => ({ task_runs: started(HOUR) }), ['EXPECTED_START_TIME_DESC', 'END_TIME_DESC']),
    post(`${TR}paginate of a large run`, `${TR}paginate`, (turn) => ({
      flow_runs: { id: { any_: [largeRun(turn)] } },
      sort: 'EXPECTED_START_TIME_DESC',
      limit: 50,
      page: 1 + (turn % 3),
    })),
    post(`${TR}count all`, `${TR}count`, () => ({})),
    post(`${TR}count failed`, `${TR}count`, () => ({ task_runs: state('FAILED', 'CRASHED') })),
    post(`${TR}count running`, `${TR}count`, () => ({ task_runs: state('RUNNING') })),
    post(`${TR}count completed`, `${TR}count`, () => ({ task_runs: state('COMPLETED') })),
    post(`${TR}count of a large run`, `${TR}count`, (turn) => ({ flow_runs: { id: { any_: [largeRun(turn)] } } })),
    post(`${TR}count of the last day`, `${TR}count`, () => ({ task_runs: started(DAY) })),
    post(`${TR}history of a day`, `${TR}history`, () => history(1, 24)),
    post(`${TR}history of a week`, `${TR}history`, () => history(7, 28)),
    post(`${TR}history of 90 days`, `${TR}history`, () => history(90, 90)),

    post('/ui/overview of a day', '/ui/overview', () => ({ window: { relative: '-24h' } })),
    post('/ui/overview of a week', '/ui/overview', () => ({ window: { relative: '-7d' } })),
    post('/ui/overview of a week with a tag', '/ui/overview', (turn) => ({
      window: { relative: '-7d' },
      flow_runs: { tags: { all_: [tag(turn)] } },
    })),
    ...['START_TIME_DESC', 'EXPECTED_START_TIME_DESC', 'NAME_ASC', 'END_TIME_DESC'].map((sort) =>
      post(`${UI} newest ${sort}`, UI, () => ({ sort, limit: 50 })),
    ),
    post(`${UI} of a day`, UI, () => ({ window: { relative: '-24h' }, limit: 50 })),
    post(`${UI} of a week, failed`, UI, () => ({
      window: { relative: '-7d' },
      flow_runs: state('FAILED', 'CRASHED'),
      limit: 50,
    })),
    post(`${UI} of a flow`, UI, (turn) => ({ flows: { id: { any_: [flow(turn)] } }, limit: 50 })),
    post(`${UI} of a deployment`, UI, (turn) => ({ deployments: { id: { any_: [deployment(turn)] } }, limit: 50 })),
    post(`${UI} with a tag`, UI, (turn) => ({ flow_runs: { tags: { all_: [tag(turn)] } }, limit: 50 })),
    post(`${UI} with a name part`, UI, () => ({ flow_runs: { name: { like_: 'amber-ot' } }, limit: 50 })),
    post(`${UI} one`, UI, (turn) => ({ flow_runs: { id: { any_: [finishedRun(turn)] } }, limit: 1 })),
    post('/ui/flows/page', '/ui/flows/page', () => ({ limit: 50 })),
    post('/ui/deployments/page', '/ui/deployments/page', () => ({ limit: 50 })),
    post('/ui/work_pools/page', '/ui/work_pools/page', () => ({ limit: 200 })),
    get('/ui/flow_runs/{id}/timeline', (turn) => `/ui/flow_runs/${finishedRun(turn)}/timeline`),
    get('/ui/flow_runs/{id}/timeline, a large run', (turn) => `/ui/flow_runs/${largeRun(turn)}/timeline`),
    post('/ui/flow_runs/history', '/ui/flow_runs/history', () => ({ limit: 60, sort: 'EXPECTED_START_TIME_DESC' })),
    post('/ui/flow_runs/count-task-runs', '/ui/flow_runs/count-task-runs', (turn) => ({
      flow_run_ids: Array.from({ length: 50 }, (_, i) => finishedRun(turn + i)),
    })),
    post('/ui/flows/next-runs', '/ui/flows/next-runs', (turn) => ({
      flow_ids: Array.from({ length: 20 }, (_, i) => flow(turn + i)),
    })),
    post('/ui/flows/count-deployments', '/ui/flows/count-deployments', (turn) => ({
      flow_ids: Array.from({ length: 20 }, (_, i) => flow(turn + i)),
    })),
    post('/ui/task_runs/count of a day', '/ui/task_runs/count', () => ({ task_runs: started(DAY) })),
    post('/ui/task_runs/dashboard/counts of a day', '/ui/task_runs/dashboard/counts', () => ({ task_runs: started(DAY) })),
    post('/ui/task_runs/dashboard/counts of a week', '/ui/task_runs/dashboard/counts', () => ({ task_runs: started(7 * DAY) })),

    post('/flows/filter', '/flows/filter', () => ({ limit: 50, sort: 'NAME_ASC' })),
    post('/flows/paginate with runs of a state', '/flows/paginate', () => ({ limit: 50, flow_runs: state('FAILED') })),
    post('/deployments/filter', '/deployments/filter', () => ({ limit: 50 })),
    post('/deployments/paginate', '/deployments/paginate', () => ({ limit: 50, page: 2 })),
    post('/deployments/get_scheduled_flow_runs', '/deployments/get_scheduled_flow_runs', (turn) => ({
      deployment_ids: Array.from({ length: 20 }, (_, i) => deployment(turn + i)),
      limit: 50,
    })),
    post('/work_pools/{name}/get_scheduled_flow_runs', '/work_pools/pool-3/get_scheduled_flow_runs', () => ({
      scheduled_before: at(HOUR),
    })),
    post('/work_pools/{name}/queues/filter', '/work_pools/pool-3/queues/filter', () => ({})),
    get('/flow_runs/{id}', (turn) => `/flow_runs/${finishedRun(turn)}`),
    get('/flow_runs/{id}/graph-v2', (turn) => `/flow_runs/${finishedRun(turn)}/graph-v2`),
    get('/flow_run_states/', (turn) => `/flow_run_states/?flow_run_id=${finishedRun(turn)}`),
    post('/artifacts/filter of a run', '/artifacts/filter', (turn) => ({
      artifacts: { flow_run_id: { any_: [finishedRun(turn)] } },
    })),
  ];
}

/** What is asked of the feeds. */
export function feedQueries(world: World): Query[] {
  const ids = idsOf(world);
  const at = (secondsFromNow: number) => new Date(world.now / 1000 + secondsFromNow * 1000).toISOString();
  const post = (name: string, path: string, body: (turn: number) => unknown): Query => ({ name, path: () => path, body });
  const run = (turn: number) => ids.flowRun((turn * 7919) % (ids.finished - 100));
  const logs = (what: string, filter: (turn: number) => object, sort = 'TIMESTAMP_ASC') =>
    post(`/logs/filter ${what}`, '/logs/filter', (turn) => ({ logs: filter(turn), sort, limit: 200 }));
  const recent = (turn: number) => ids.flowRun(ids.finished - 1000 - turn * 13);
  const occurred = (seconds: number) => ({ since: at(-seconds), until: at(0) });
  const events = (what: string, filter: (turn: number) => object) =>
    post(`/events/filter ${what}`, '/events/filter', (turn) => ({ filter: filter(turn), limit: 50 }));
  return [
    logs('of a run', (turn) => ({ flow_run_id: { any_: [run(turn)] } })),
    logs('of a run, newest', (turn) => ({ flow_run_id: { any_: [run(turn)] } }), 'TIMESTAMP_DESC'),
    logs('of a run, warnings', (turn) => ({ flow_run_id: { any_: [run(turn)] }, level: { ge_: 30 } })),
    logs('of a run with a text', (turn) => ({ flow_run_id: { any_: [run(turn)] }, text: { query: 'timeout' } })),
    logs('newest of all', () => ({}), 'TIMESTAMP_DESC'),
    logs('oldest of all', () => ({}), 'TIMESTAMP_ASC'),
    logs('newest errors', () => ({ level: { ge_: 40 } }), 'TIMESTAMP_DESC'),
    logs('of the last hour', () => ({ timestamp: { after_: at(-HOUR) } }), 'TIMESTAMP_DESC'),
    logs('with a text', () => ({ text: { query: 'refused' } }), 'TIMESTAMP_DESC'),
    logs(
      'of the last hour with a text that nobody wrote',
      (turn) => ({ timestamp: { after_: at(-HOUR) }, text: { query: `nobody${turn}` } }),
      'TIMESTAMP_DESC',
    ),
    events('newest of a day', () => ({ occurred: occurred(DAY) })),
    events('newest of a week', () => ({ occurred: occurred(7 * DAY) })),
    events('of a kind, of a day', () => ({ occurred: occurred(DAY), event: { name: ['prefect.flow-run.Failed'] } })),
    events('of a prefix, of a day', () => ({ occurred: occurred(DAY), event: { prefix: ['prefect.flow-run.'] } })),
    events('of a resource, of a day', (turn) => ({
      occurred: occurred(DAY),
      resource: { id: [`prefect.flow-run.${recent(turn)}`] },
    })),
    events('that mention a run, of a day', (turn) => ({
      occurred: occurred(DAY),
      any_resource: { id: [`prefect.flow-run.${recent(turn)}`] },
    })),
    ...['event', 'day', 'resource'].flatMap((countable) => [
      post(`/events/count-by/${countable} of a day`, `/events/count-by/${countable}`, () => ({
        filter: { occurred: occurred(DAY) },
        time_unit: 'hour',
        time_interval: 1,
      })),
      post(`/events/count-by/${countable} of a week`, `/events/count-by/${countable}`, () => ({
        filter: { occurred: occurred(7 * DAY) },
        time_unit: 'day',
        time_interval: 1,
      })),
    ]),
  ];
}
