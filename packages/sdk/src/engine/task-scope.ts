import { formatTimestamp, type Micros, type StateType, uuid4, uuid7 } from '@prefect-ts/protocol';
import { AbortNode } from '../context/abort.ts';
import type { Context } from '../context/context.ts';
import { type RelatedResource, relatedTo } from '../events/resource.ts';
import { emitTaskRunState } from '../events/task-run-event.ts';
import { type Logger, RunLogger } from '../logging/run-logger.ts';
import type { Session } from '../session/session.ts';
import { State, type StateInit } from '../states/state.ts';
import type { TaskDefinition } from '../tasks/definition.ts';
import type { RunInputs } from '../tasks/track.ts';
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

/** One task run while it goes on in this process. */
export class TaskRunScope {
  readonly task: TaskDefinition;
  readonly session: Session;
  readonly flow: FlowRunScope | undefined;
  readonly run: TaskRunRecord;
  readonly node: AbortNode;
  readonly log: Logger;
  readonly logConsole: boolean;
  /** What the run's events are related to, tags first. */
  readonly related: readonly RelatedResource[];
  input: unknown;
  state: State;
  /** The part of the tree that this attempt is; undefined between attempts. */
  attempt: AbortNode | undefined;

  constructor(task: TaskDefinition, input: unknown, taskInputs: RunInputs, session: Session, context: Context) {
    const { flow, task: enclosing } = context;
    this.task = task;
    this.session = session;
    this.flow = flow;
    this.input = input;
    this.node = new AbortNode(enclosing?.node ?? flow?.node ?? session.node);
    this.logConsole = task.logConsole ?? enclosing?.logConsole ?? flow?.logConsole ?? session.defaults.logConsole;
    const tags = context.tags.length === 0 ? task.tags : [...new Set([...task.tags, ...context.tags])].sort();
    this.state = new State({ type: 'PENDING' });
    const id = uuid7(this.state.time / 1000);
    const dynamicKey = flow ? uuid4() : `${task.key}-${uuid4().replaceAll('-', '')}`;
    this.run = {
      id,
      name: flow ? `${task.name}-${dynamicKey.slice(0, 3)}` : task.name,
      taskKey: task.key,
      dynamicKey,
      tags,
      retries: task.retries ?? session.defaults.taskRetries,
      taskInputs,
      runCount: 0,
      flowRunRunCount: 0,
      expectedStart: this.state.time,
      startTime: undefined,
      endTime: undefined,
      nextScheduledStart: undefined,
      totalRunTime: 0,
    };
    this.related = relatedOf(tags, flow, enclosing);
    this.log = new RunLogger(session, {
      name: 'prefect.task_runs',
      flowRunId: flow?.run.id ?? null,
      taskRunId: id,
      label: () => `Task run '${this.run.name}'`,
    });
    this.state = this.state.with({ details: this.#details(undefined) });
    emitTaskRunState(this, undefined, this.state);
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

  #details(details: StateInit['details']): StateInit['details'] {
    return { ...details, task_run_id: this.run.id, flow_run_id: this.flow?.run.id ?? null };
  }
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
