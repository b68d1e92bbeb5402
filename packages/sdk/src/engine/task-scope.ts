import {
  formatTimestamp,
  type Micros,
  nowMicros,
  parseTimestamp,
  type StateType,
  type TaskRun,
  uuid4,
  uuid7,
} from '@prefect-ts/protocol';
import { AbortNode } from '../context/abort.ts';
import { type Context, surroundingTransaction } from '../context/context.ts';
import { type RelatedResource, relatedTo } from '../events/resource.ts';
import { emitTaskRunState } from '../events/task-run-event.ts';
import { type Logger, RunLogger } from '../logging/run-logger.ts';
import type { Session } from '../session/session.ts';
import { State, type StateInit, stateFromAnswer } from '../states/state.ts';
import type { TaskDefinition } from '../tasks/definition.ts';
import type { RunInputs } from '../tasks/track.ts';
import type { Transaction } from '../transactions/transaction.ts';
import type { FlowRunScope } from './flow-scope.ts';

/** What is known of a task run; the server learns it from events. */
export interface TaskRunRecord {
  readonly id: string;
  name: string;
  readonly taskKey: string;
  readonly dynamicKey: string;
  readonly tags: readonly string[];
  readonly retries: number;
  readonly taskInputs: RunInputs;
  runCount: number;
  flowRunRunCount: number;
  readonly expectedStart: Micros;
  startTime: Micros | undefined;
  endTime: Micros | undefined;
  nextScheduledStart: Micros | undefined;
  totalRunTime: Micros;
}

/** What is known before a task run starts. */
export interface TaskRunStart {
  readonly task: TaskDefinition;
  readonly input: unknown;
  readonly taskInputs: RunInputs;
  readonly session: Session;
  readonly context: Context;
  /** The run as the server has it, when it was made elsewhere. */
  readonly existing?: TaskRun | undefined;
}

/** One task run while it goes on in this process. */
export class TaskRunScope {
  readonly task: TaskDefinition;
  readonly session: Session;
  readonly flow: FlowRunScope | undefined;
  /** Id of the flow run it belongs to, which may go on in another process. */
  readonly flowRunId: string | null;
  readonly run: TaskRunRecord;
  readonly node: AbortNode;
  readonly log: Logger;
  readonly logConsole: boolean;
  /** What the run's events are related to, tags first. */
  readonly related: readonly RelatedResource[];
  input: unknown;
  state: State;
  /** The transaction of this attempt, where there is one. */
  transaction: Transaction | undefined;
  /** The transaction around the run. */
  readonly outerTransaction: Transaction | undefined;
  /** The part of the tree that this attempt is; undefined between attempts. */
  attempt: AbortNode | undefined;

  constructor(start: TaskRunStart) {
    const { task, session, context, existing } = start;
    const { flow, task: enclosing } = context;
    this.task = task;
    this.session = session;
    this.flow = flow;
    this.input = start.input;
    this.outerTransaction = surroundingTransaction(context);
    this.node = new AbortNode(enclosing?.node ?? flow?.node ?? session.node);
    this.logConsole = task.logConsole ?? enclosing?.logConsole ?? flow?.logConsole ?? session.defaults.logConsole;
    this.state = existing?.state ? stateFromAnswer(existing.state) : new State({ type: 'PENDING' });
    this.run = existing ? existingRun(existing, start) : newRun(start, this.state.time);
    const { id, tags } = this.run;
    this.flowRunId = existing?.flow_run_id ?? flow?.run.id ?? null;
    this.related = existing ? relatedOfExisting(existing) : relatedOf(tags, flow, enclosing);
    this.log = new RunLogger(session, {
      name: 'prefect.task_runs',
      flowRunId: this.flowRunId,
      taskRunId: id,
      label: () => `Task run '${this.run.name}'`,
    });
    this.state = this.state.with({ details: this.#details(this.state.details) });
    // A run that exists goes on from its state; a new one is known to the server from here on.
    if (!existing) emitTaskRunState(this, undefined, this.state);
  }

  /** Enters a state: keeps the books and tells the server. */
  enter(type: StateType, init: Omit<StateInit, 'type'> = {}): State {
    const previous = this.state;
    const state = new State({ ...init, type, details: this.#details(init.details) });
    const { run } = this;
    if (previous.type === 'RUNNING') run.totalRunTime += state.time - previous.time;
    if (type === 'RUNNING') {
      run.startTime ??= state.time;
      run.flowRunRunCount = this.flow?.run.run_count ?? 0;
      run.runCount++;
    }
    if (state.isFinal()) run.endTime ??= state.time;
    this.state = state;
    emitTaskRunState(this, previous, state);
    return state;
  }

  /** Waits for a retry: the books keep when it will start. */
  enterRetry(at: Micros): void {
    this.run.nextScheduledStart = at;
    this.enter('SCHEDULED', { name: 'AwaitingRetry', details: { scheduled_time: formatTimestamp(at) } });
    this.run.nextScheduledStart = undefined;
  }

  /** Says that what the run did was undone. */
  enterRolledBack(): void {
    if (!this.state.isCompleted()) return;
    this.enter('COMPLETED', { name: 'RolledBack', message: 'Task rolled back as part of transaction' });
  }

  #details(details: StateInit['details']): StateInit['details'] {
    return { ...details, task_run_id: this.run.id, flow_run_id: this.flowRunId };
  }
}

function newRun({ task, taskInputs, session, context }: TaskRunStart, expectedStart: Micros): TaskRunRecord {
  const { flow } = context;
  const dynamicKey = flow ? uuid4() : `${task.key}-${uuid4().replaceAll('-', '')}`;
  return {
    id: uuid7(expectedStart / 1000),
    name: flow ? `${task.name}-${dynamicKey.slice(0, 3)}` : task.name,
    taskKey: task.key,
    dynamicKey,
    tags: context.tags.length === 0 ? task.tags : [...new Set([...task.tags, ...context.tags])].sort(),
    retries: task.retries ?? session.defaults.taskRetries,
    taskInputs,
    runCount: 0,
    flowRunRunCount: 0,
    expectedStart,
    startTime: undefined,
    endTime: undefined,
    nextScheduledStart: undefined,
    totalRunTime: 0,
  };
}

function existingRun(run: TaskRun, { task, session, taskInputs }: TaskRunStart): TaskRunRecord {
  return {
    id: run.id,
    name: run.name,
    taskKey: run.task_key,
    dynamicKey: run.dynamic_key,
    tags: [...run.tags].sort(),
    retries: task.retries ?? session.defaults.taskRetries,
    taskInputs,
    runCount: run.run_count,
    flowRunRunCount: run.flow_run_run_count,
    expectedStart: (run.expected_start_time && parseTimestamp(run.expected_start_time)) || nowMicros(),
    startTime: undefined,
    endTime: undefined,
    nextScheduledStart: undefined,
    totalRunTime: 0,
  };
}

function relatedOfExisting(run: TaskRun): readonly RelatedResource[] {
  const tags = [...run.tags].sort().map((tag) => relatedTo('tag', tag));
  return run.flow_run_id ? [...tags, relatedTo('flow-run', run.flow_run_id)] : tags;
}

function relatedOf(
  tags: readonly string[],
  flow: FlowRunScope | undefined,
  enclosing: TaskRunScope | undefined,
): readonly RelatedResource[] {
  const around = flow?.related ?? [];
  if (tags.length === 0 && !enclosing) return around;
  const own = tags.map((tag) => relatedTo('tag', tag));
  const known = new Set(own.map((each) => each['prefect.resource.id']));
  const [flowRun, ...others] = around.filter((each) => !known.has(each['prefect.resource.id']));
  const outer = enclosing ? [relatedTo('task-run', enclosing.run.id, enclosing.run.name)] : [];
  return [...own, ...(flowRun ? [flowRun] : []), ...outer, ...others].slice(0, 100);
}
