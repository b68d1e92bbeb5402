import { chance, choice, SPELLINGS, type Spelling, word } from './dialect.ts';

/** How much a database holds. */
export interface Scale {
  readonly flowRuns: number;
  readonly taskRuns: number;
  readonly events: number;
  readonly logs: number;
}

/** What the rows of a database follow from. */
export interface World extends Scale {
  readonly dialect: 'sqlite' | 'postgres';
  /** The present of the data, in microseconds: runs reach 90 days back and 7 days ahead, events 7 days back. */
  readonly now: number;
}

export const FLOWS = 200;
const DEPLOYMENTS = 500;
export const POOLS = 10;
const QUEUES = 30;
export const TAGS = 20;

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;
const AGE = 90 * DAY;
/** Shares of flow runs that are planned, and under way. */
const PLANNED = 0.005;
const ACTIVE = 0.0005;
/** Task runs of an ordinary flow run; what is left over goes, a thousand each, to some large ones. */
const TASKS = 4;
const LARGE = 1000;

const KIND = { flow: 1, pool: 2, queue: 3, deployment: 4, flowRun: 5, taskRun: 6, flowState: 7, taskState: 8, log: 9, event: 10 };
const ADJECTIVES = [
  'amber',
  'brisk',
  'calm',
  'dapper',
  'eager',
  'fuzzy',
  'gentle',
  'hardy',
  'ivory',
  'jolly',
  'keen',
  'lively',
  'mellow',
  'nimble',
  'olive',
  'polite',
  'quiet',
  'rustic',
  'sturdy',
  'tidy',
  'urban',
  'vivid',
  'witty',
  'young',
  'zesty',
];
const NOUNS = [
  'ant',
  'badger',
  'condor',
  'dolphin',
  'eagle',
  'falcon',
  'gecko',
  'heron',
  'ibis',
  'jackal',
  'koala',
  'lemur',
  'marmot',
  'newt',
  'otter',
  'panda',
  'quail',
  'raven',
  'seal',
  'tapir',
  'urchin',
  'viper',
  'walrus',
  'yak',
  'zebra',
];
const STEPS = ['extract', 'clean', 'join', 'score', 'train', 'publish', 'notify', 'archive'];
const MESSAGES = [
  'Fetched a page of rows from the source',
  'Wrote the partition to the warehouse',
  'Retrying after a timeout of the source',
  'Finished in state Completed()',
  'Validated the schema of the batch',
  'Connection refused by the source',
  'Created task run for the next step',
  'Beginning flow run for the deployment',
];
const EVENTS = [
  'prefect.flow-run.Pending',
  'prefect.flow-run.Running',
  'prefect.flow-run.Completed',
  'prefect.flow-run.Failed',
  'prefect.task-run.Running',
  'prefect.task-run.Completed',
  'prefect.task-run.Failed',
  'prefect.work-pool.ready',
];
const POLICY = `'{"retries":0,"retry_delay":0,"pause_keys":[],"resuming":false,"retry_type":null}'`;

/** Some rows of a table in one statement. */
export interface RowSource {
  readonly table: string;
  readonly count: number;
  insert(first: number, last: number): string;
}

/** Every table that is filled, in an order in which each row finds those that it belongs to. */
export function rowSources(world: World): RowSource[] {
  return [
    ...surroundings(world),
    { table: 'flow_run', count: world.flowRuns, insert: (first, last) => flowRuns(world, first, last) },
    { table: 'flow_run_state', count: world.flowRuns * 3, insert: (first, last) => flowRunStates(world, first, last) },
    { table: 'task_run', count: world.taskRuns, insert: (first, last) => taskRuns(world, first, last) },
    { table: 'task_run_state', count: world.taskRuns, insert: (first, last) => taskRunStates(world, first, last) },
    { table: 'log', count: world.logs, insert: (first, last) => logs(world, first, last) },
    { table: 'event', count: world.events, insert: (first, last) => events(world, first, last) },
  ];
}

/** Ids of rows by their numbers, as the database makes them, for requests. */
export function idsOf(world: World) {
  const start = beginning(world);
  const id = (kind: number, i: number, micros: number) => {
    const millis = Math.floor(micros / 1000);
    const hex = (value: number, width: number) => value.toString(16).padStart(width, '0');
    const time = `${hex(Math.floor(millis / 65_536), 8)}-${hex(millis % 65_536, 4)}`;
    return `${time}-7${hex(i % 4096, 3)}-8${hex(kind, 3)}-${hex(i, 12)}`;
  };
  return {
    flow: (i: number) => id(KIND.flow, i, start),
    deployment: (i: number) => id(KIND.deployment, i, start),
    flowRun: (i: number) => id(KIND.flowRun, i, Math.min(world.now, start + i * stepOf(world))),
    /** A run with a thousand tasks more than others; there is one for each thousand beyond four a run. */
    largeRun: (i: number) => Math.min(i * LARGE + 7, finished(world) - 1),
    /** How many runs have a past. */
    finished: finished(world),
  };
}

const beginning = ({ now }: World) => now - AGE;
const finished = ({ flowRuns }: World) => Math.floor(flowRuns * (1 - PLANNED));
const stepOf = (world: World) => Math.floor(AGE / finished(world));

/** When the `i`-th run was expected to start: evenly over the past, then over the coming week. */
function expected(world: World, i: string): string {
  const past = finished(world);
  const ahead = Math.floor((7 * DAY) / Math.max(1, world.flowRuns - past));
  return `(case when ${i} < ${past} then ${beginning(world)} + (${i}) * ${stepOf(world)} else ${world.now} + (${i} - ${past}) * ${ahead} end)`;
}

/** When the `i`-th run was made. */
function made(world: World, i: string): string {
  return `(case when ${i} < ${finished(world)} then ${beginning(world)} + (${i}) * ${stepOf(world)} else ${world.now} end)`;
}

/** Few flows have most of the runs. */
const flowOf = (i: string) => `(${chance(i, 2, FLOWS)} * ${chance(i, 3, FLOWS)} / ${FLOWS})`;

function surroundings(world: World): RowSource[] {
  const spelling = SPELLINGS[world.dialect];
  const start = beginning(world);
  const id = (kind: number, i: string) => spelling.id(kind, i, String(start));
  const json = spelling.json;
  const text = spelling.text;
  const source = (table: string, count: number, columns: Readonly<Record<string, string>>): RowSource => ({
    table,
    count,
    insert: (first, last) =>
      `${spelling.series(first, last)} INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT ${Object.values(columns).join(', ')} FROM n`,
  });
  const entity = (kind: number) => ({ id: id(kind, 'i'), created: String(start), updated: `${start} + i` });
  return [
    source('flow', FLOWS, {
      ...entity(KIND.flow),
      name: `${word(ADJECTIVES, 'i % 25')} || '-' || ${word(STEPS, 'i % 8')} || '-' || ${text('i')}`,
      tags: json(`'["tag-' || ${text(`i % ${TAGS}`)} || '"]'`),
      labels: json(`'{}'`),
    }),
    source('work_pool', POOLS, {
      ...entity(KIND.pool),
      name: `'pool-' || ${text('i')}`,
      type: `'process'`,
      base_job_template: json(`'{}'`),
      is_paused: '0',
      status: `'READY'`,
      default_queue_id: id(KIND.queue, 'i * 3'),
      storage_configuration: json(`'{}'`),
    }),
    source('work_queue', QUEUES, {
      ...entity(KIND.queue),
      work_pool_id: id(KIND.pool, 'i / 3'),
      name: choice([['i % 3 = 0', `'default'`]], `'queue-' || ${text('i % 3')}`),
      description: `''`,
      is_paused: '0',
      priority: 'i % 3 + 1',
      status: `'READY'`,
    }),
    source('deployment', DEPLOYMENTS, {
      ...entity(KIND.deployment),
      name: `${word(NOUNS, 'i % 25')} || '-' || ${text('i')}`,
      flow_id: id(KIND.flow, `i % ${FLOWS}`),
      paused: '0',
      job_variables: json(`'{}'`),
      parameters: json(`'{}'`),
      tags: json(`'["tag-' || ${text(`i % ${TAGS}`)} || '"]'`),
      labels: json(`'{}'`),
      work_queue_id: id(KIND.queue, `i % ${QUEUES}`),
      work_queue_name: choice([['i % 3 = 0', `'default'`]], `'queue-' || ${text('i % 3')}`),
      parameter_openapi_schema: json(`'{"type":"object","properties":{}}'`),
      status: `'READY'`,
      enforce_parameter_schema: '1',
    }),
  ];
}

/** The state in which a run is, by its number and by a draw of a thousand. */
function flowRunState(world: World, i: string, draw: string): { type: string; name: string } {
  const [past, active] = [finished(world), Math.floor(world.flowRuns * (1 - PLANNED - ACTIVE))];
  const state = (values: readonly [string, string, string, string, string, string, string, string, string]) => {
    const [planned, running, pending, late, paused, failed, crashed, cancelled, completed] = values.map((value) => `'${value}'`);
    return choice(
      [
        [`${i} >= ${past}`, planned ?? ''],
        [`${i} >= ${active} and ${draw} < 600`, running ?? ''],
        [`${i} >= ${active} and ${draw} < 800`, pending ?? ''],
        [`${i} >= ${active} and ${draw} < 900`, late ?? ''],
        [`${i} >= ${active}`, paused ?? ''],
        [`${draw} < 60`, failed ?? ''],
        [`${draw} < 80`, crashed ?? ''],
        [`${draw} < 110`, cancelled ?? ''],
      ],
      completed ?? '',
    );
  };
  return {
    type: state(['SCHEDULED', 'RUNNING', 'PENDING', 'SCHEDULED', 'PAUSED', 'FAILED', 'CRASHED', 'CANCELLED', 'COMPLETED']),
    name: state(['Scheduled', 'Running', 'Pending', 'Late', 'Paused', 'Failed', 'Crashed', 'Cancelled', 'Completed']),
  };
}

/** A run's state as a document. */
function stateDocument(spelling: Spelling, id: string, time: string, details: string): string {
  return `'{"id":"' || ${spelling.text(id)} || '","type":"' || type || '","name":"' || state || '","timestamp":"' || ${spelling.timestamp(time)} || '","message":null,"data":null,"state_details":' || ${details} || '}'`;
}

/** Tags: most runs have none, some one, some two. */
function tagsOf(spelling: Spelling, i: string, draw: number): string {
  const tag = (which: number) => `'"tag-' || ${spelling.text(chance(i, which, TAGS))} || '"'`;
  const share = chance(i, draw, 10);
  return spelling.json(
    choice(
      [
        [`${share} < 6`, `'[]'`],
        [`${share} < 9`, `'[' || ${tag(draw + 1)} || ']'`],
      ],
      `'[' || ${tag(draw + 1)} || ',' || ${tag(draw + 2)} || ']'`,
    ),
  );
}

const OVER = `type in ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED')`;
const BEGUN = `type in ('COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED', 'RUNNING', 'PAUSED')`;

/** Rows with what several of their columns follow from. */
function insertRows(
  table: string,
  series: string,
  steps: readonly (readonly string[])[],
  columns: Readonly<Record<string, string>>,
): string {
  const ctes = steps.map((members, index) => {
    const from = index === 0 ? 'n' : `step${index - 1}`;
    return `step${index} AS MATERIALIZED (SELECT ${from}.*, ${members.join(', ')} FROM ${from})`;
  });
  return `${series}, ${ctes.join(', ')}
    INSERT INTO ${table} (${Object.keys(columns).join(', ')})
    SELECT ${Object.values(columns).join(', ')} FROM step${steps.length - 1}`;
}

function flowRuns(world: World, first: number, last: number): string {
  const spelling = SPELLINGS[world.dialect];
  const { json, text } = spelling;
  const start = String(beginning(world));
  const state = flowRunState(world, 'i', 'draw');
  const parent = `4 * (i - 1)`;
  return insertRows(
    'flow_run',
    spelling.series(first, last),
    [
      [
        `${expected(world, 'i')} AS due`,
        `${made(world, 'i')} AS made`,
        `${chance('i', 1, 1000)} AS draw`,
        `${flowOf('i')} AS flow`,
        `${chance('i', 5, 600)} * ${SECOND} / 10 AS delay`,
        `(${chance('i', 6, 3600)} + 1) * ${SECOND} / 4 AS ran`,
      ],
      [
        `${state.type} AS type`,
        `${state.name} AS state`,
        `case when ${chance('i', 7, 10)} < 7 then flow + ${FLOWS} * ${chance('i', 4, 2)} end AS deployment`,
        `${spelling.id(KIND.flowRun, 'i', 'made')} AS id`,
        `${spelling.id(KIND.flowState, 'i * 3 + 2', 'made')} AS state_id`,
      ],
    ],
    {
      id: 'id',
      created: 'made',
      updated: 'made + delay + ran',
      name: `${word(ADJECTIVES, chance('i', 8, 25))} || '-' || ${word(NOUNS, chance('i', 9, 25))}`,
      state_id: 'state_id',
      state_type: 'type',
      state_name: 'state',
      state_timestamp: `case when ${OVER} then due + delay + ran when ${BEGUN} then due + delay else made end`,
      state: json(
        stateDocument(
          spelling,
          'state_id',
          'due + delay',
          `'{"flow_run_id":"' || ${text('id')} || '","task_run_id":null,"scheduled_time":null,"cache_key":null,"transition_id":null}'`,
        ),
      ),
      tags: tagsOf(spelling, 'i', 10),
      labels: json(`'{"prefect.flow.id":"' || ${text(spelling.id(KIND.flow, 'flow', start))} || '"}'`),
      run_count: `case when ${BEGUN} then 1 else 0 end`,
      expected_start_time: 'due',
      next_scheduled_start_time: `case when type = 'SCHEDULED' then due end`,
      start_time: `case when ${BEGUN} then due + delay end`,
      end_time: `case when ${OVER} then due + delay + ran end`,
      total_run_time: `case when ${OVER} then ran else 0 end`,
      empirical_policy: json(POLICY),
      flow_id: spelling.id(KIND.flow, 'flow', start),
      deployment_id: `case when deployment is not null then ${spelling.id(KIND.deployment, 'deployment', start)} end`,
      work_queue_id: `case when deployment is not null then ${spelling.id(KIND.queue, `deployment % ${QUEUES}`, start)} end`,
      work_queue_name: `case when deployment is not null then 'default' end`,
      parameters: json(`'{"day":' || ${text('i % 365')} || ',"table":"orders","full":false}'`),
      idempotency_key: `case when deployment is not null then 'scheduled ' || ${text('deployment')} || ' ' || ${text('i')} end`,
      context: json(`'{}'`),
      parent_task_run_id: `case when i % 20 = 0 and i > 0 and i < ${finished(world)} then ${spelling.id(KIND.taskRun, parent, made(world, 'i - 1'))} end`,
      auto_scheduled: 'case when deployment is not null then 1 else 0 end',
      created_by: `case when deployment is not null then ${json(`'{"id":"' || ${text('id')} || '","type":"SCHEDULE","display_value":"every hour"}'`)} end`,
      job_variables: json(`'{}'`),
    },
  );
}

function flowRunStates(world: World, first: number, last: number): string {
  const spelling = SPELLINGS[world.dialect];
  const { json, text } = spelling;
  const state = flowRunState(world, 'i / 3', 'draw');
  return insertRows(
    'flow_run_state',
    spelling.series(first, last),
    [
      [`${made(world, 'i / 3')} AS made`, `${chance('i / 3', 1, 1000)} AS draw`],
      [
        `case i % 3 when 0 then 'SCHEDULED' when 1 then 'PENDING' else ${state.type} end AS type`,
        `case i % 3 when 0 then 'Scheduled' when 1 then 'Pending' else ${state.name} end AS state`,
        `${spelling.id(KIND.flowRun, 'i / 3', 'made')} AS run`,
      ],
    ],
    {
      id: spelling.id(KIND.flowState, 'i', 'made'),
      timestamp: `made + (i % 3) * ${SECOND}`,
      type: 'type',
      name: 'state',
      state_details: json(`'{"flow_run_id":"' || ${text('run')} || '","scheduled_time":null,"transition_id":null}'`),
      flow_run_id: 'run',
    },
  );
}

/** The flow run of the `j`-th task run. */
function runOfTask(world: World, j: string): string {
  const ordinary = Math.min(world.taskRuns, TASKS * world.flowRuns);
  return `(case when ${j} < ${ordinary} then ${j} / ${TASKS} else ((${j} - ${ordinary}) / ${LARGE}) * ${LARGE} + 7 end)`;
}

function taskRunState(draw: string): { type: string; name: string } {
  const state = (failed: string, crashed: string, cancelled: string, running: string, cached: string, completed: string) =>
    choice(
      [
        [`${draw} < 40`, `'${failed}'`],
        [`${draw} < 50`, `'${crashed}'`],
        [`${draw} < 60`, `'${cancelled}'`],
        [`${draw} = 60`, `'${running}'`],
        [`${draw} < 110`, `'${cached}'`],
      ],
      `'${completed}'`,
    );
  return {
    type: state('FAILED', 'CRASHED', 'CANCELLED', 'RUNNING', 'COMPLETED', 'COMPLETED'),
    name: state('Failed', 'Crashed', 'Cancelled', 'Running', 'Cached', 'Completed'),
  };
}

function taskRuns(world: World, first: number, last: number): string {
  const spelling = SPELLINGS[world.dialect];
  const { json, text } = spelling;
  const state = taskRunState('draw');
  return insertRows(
    'task_run',
    spelling.series(first, last),
    [
      [
        `${runOfTask(world, 'i')} AS run`,
        `${chance('i', 20, 1000)} AS draw`,
        `(${chance('i', 21, 400)} + 1) * ${SECOND} / 10 AS ran`,
      ],
      [`${made(world, 'run')} AS made`, `${state.type} AS type`, `${state.name} AS state`, `${word(STEPS, 'i % 8')} AS step`],
      [
        `${spelling.id(KIND.flowRun, 'run', 'made')} AS run_id`,
        `${spelling.id(KIND.taskRun, 'i', 'made')} AS id`,
        `${spelling.id(KIND.taskState, 'i', 'made')} AS state_id`,
      ],
    ],
    {
      id: 'id',
      created: 'made',
      updated: 'made + ran',
      name: `step || '-' || ${text('i % 1000')}`,
      state_id: 'state_id',
      state_type: 'type',
      state_name: 'state',
      state_timestamp: 'made + ran',
      state: json(
        stateDocument(
          spelling,
          'state_id',
          'made + ran',
          `'{"flow_run_id":"' || ${text('run_id')} || '","task_run_id":"' || ${text('id')} || '","scheduled_time":null,"cache_key":null}'`,
        ),
      ),
      tags: tagsOf(spelling, 'i', 22),
      labels: json(`'{}'`),
      run_count: '1',
      expected_start_time: `made + (i % ${LARGE}) * 1000`,
      start_time: `made + (i % ${LARGE}) * 1000`,
      end_time: `case when ${OVER} then made + ran end`,
      total_run_time: 'ran',
      empirical_policy: json(POLICY),
      flow_run_id: 'run_id',
      task_key: `step || '-5c3f0a1b'`,
      dynamic_key: text('i'),
      task_inputs: json(`'{}'`),
      flow_run_run_count: '1',
    },
  );
}

function taskRunStates(world: World, first: number, last: number): string {
  const spelling = SPELLINGS[world.dialect];
  const { json, text } = spelling;
  const state = taskRunState('draw');
  return insertRows(
    'task_run_state',
    spelling.series(first, last),
    [
      [`${runOfTask(world, 'i')} AS run`, `${chance('i', 20, 1000)} AS draw`],
      [`${made(world, 'run')} AS made`, `${state.type} AS type`, `${state.name} AS state`],
      [`${spelling.id(KIND.taskRun, 'i', 'made')} AS id`],
    ],
    {
      id: spelling.id(KIND.taskState, 'i', 'made'),
      timestamp: `made + ${SECOND}`,
      type: 'type',
      name: 'state',
      state_details: json(`'{"task_run_id":"' || ${text('id')} || '","scheduled_time":null}'`),
      task_run_id: 'id',
    },
  );
}

function logs(world: World, first: number, last: number): string {
  const spelling = SPELLINGS[world.dialect];
  const { text } = spelling;
  const perRun = Math.max(1, Math.floor(world.logs / finished(world)));
  const lastRun = finished(world) - 1;
  return insertRows(
    'log',
    spelling.series(first, last),
    [
      [`case when i / ${perRun} < ${lastRun} then i / ${perRun} else ${lastRun} end AS run`, `${chance('i', 30, 100)} AS draw`],
      [`${made(world, 'run')} AS made`],
    ],
    {
      id: spelling.id(KIND.log, 'i', 'made'),
      created: 'made',
      name: `case when i % 2 = 0 then 'prefect.task_runs' else 'prefect.flow_runs' end`,
      level: 'case when draw < 4 then 40 when draw < 12 then 30 when draw < 30 then 10 else 20 end',
      message: `${word(MESSAGES, chance('i', 31, 8))} || ' ' || ${text('i')}`,
      timestamp: `made + (i % ${perRun}) * ${SECOND}`,
      flow_run_id: spelling.id(KIND.flowRun, 'run', 'made'),
      task_run_id: `case when i % 2 = 0 then ${spelling.id(KIND.taskRun, 'run * 4', 'made')} end`,
    },
  );
}

function events(world: World, first: number, last: number): string {
  const spelling = SPELLINGS[world.dialect];
  const { json, text } = spelling;
  const week = world.now - 7 * DAY + 600 * SECOND;
  const step = Math.floor((7 * DAY - 600 * SECOND) / Math.max(1, world.events));
  const recent = Math.floor((finished(world) * 83) / 90);
  const share = Math.max(1, Math.ceil(world.events / (finished(world) - recent)));
  const start = String(beginning(world));
  return insertRows(
    'event',
    spelling.series(first, last),
    [
      [`${week} + i * ${step} AS occurred`, `${recent} + i / ${share} AS run`, `${word(EVENTS, chance('i', 40, 8))} AS event`],
      [
        `${spelling.id(KIND.flowRun, 'run', made(world, 'run'))} AS run_id`,
        `${spelling.id(KIND.event, 'i', 'occurred')} AS id`,
        `${flowOf('run')} AS flow`,
      ],
    ],
    {
      id: 'id',
      occurred: 'occurred',
      received: 'occurred + 2000',
      event: 'event',
      resource_id: `'prefect.flow-run.' || ${text('run_id')}`,
      body: json(
        `'{"occurred":"' || ${spelling.timestamp('occurred')} || '","event":"' || event || '","resource":{"prefect.resource.id":"prefect.flow-run.' || ${text('run_id')} || '","prefect.resource.name":"amber-otter","prefect.state-message":"","prefect.state-name":"Completed","prefect.state-type":"COMPLETED"},"related":[{"prefect.resource.id":"prefect.flow.' || ${text(spelling.id(KIND.flow, 'flow', start))} || '","prefect.resource.role":"flow","prefect.resource.name":"flow-' || ${text('flow')} || '"},{"prefect.resource.id":"prefect.tag.tag-' || ${text('i % 20')} || '","prefect.resource.role":"tag"}],"payload":{"intended":{"from":"PENDING","to":"RUNNING"}},"id":"' || ${text('id')} || '","follows":null,"received":"' || ${spelling.timestamp('occurred')} || '"}'`,
      ),
    },
  );
}
