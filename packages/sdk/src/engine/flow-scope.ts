import type { FlowRunResponse } from '@prefect-ts/protocol';
import { AbortNode, type RunSuspended } from '../context/abort.ts';
import { type RelatedResource, relatedToFlowRun } from '../events/resource.ts';
import type { FlowDefinition } from '../flows/definition.ts';
import type { FlowRunView } from '../flows/hooks.ts';
import { type Logger, RunLogger } from '../logging/run-logger.ts';
import { localStore, type ResultStore } from '../results/local-store.ts';
import type { Session } from '../session/session.ts';
import { State } from '../states/state.ts';
import type { Future } from '../tasks/future.ts';
import { ResultTable } from '../tasks/track.ts';
import { Pool } from './pool.ts';

/** What is known before the body of a flow run starts. */
export interface FlowRunStart {
  readonly flow: FlowDefinition;
  readonly run: FlowRunResponse;
  readonly parameters: unknown;
  readonly session: Session;
  readonly parent: FlowRunScope | undefined;
  readonly parentNode: AbortNode;
  readonly deploymentName?: string | undefined;
}

/** One flow run while it goes on in this process. */
export class FlowRunScope {
  readonly flow: FlowDefinition;
  readonly session: Session;
  readonly parent: FlowRunScope | undefined;
  readonly node: AbortNode;
  readonly log: Logger & { local: RunLogger['local'] };
  readonly logConsole: boolean;
  readonly persist: boolean | undefined;
  readonly store: ResultStore;
  readonly pool: Pool | undefined;
  /** Which run a value came from. */
  readonly results = new ResultTable();
  /** Validated, once the run has begun. */
  parameters: unknown;
  run: FlowRunResponse;
  related: readonly RelatedResource[];
  state: State = new State({ type: 'PENDING' });
  /** The part of the tree that this execution of the body is; undefined between executions. */
  attempt: AbortNode | undefined;
  readonly #deploymentName: string | undefined;
  readonly #subflowCalls = new Map<string, number>();
  #pauses = 0;
  #suspension: RunSuspended | undefined;
  #futures: Future<unknown>[] = [];

  constructor(start: FlowRunStart) {
    const { flow, session, parent } = start;
    this.flow = flow;
    this.session = session;
    this.parent = parent;
    this.run = start.run;
    this.parameters = start.parameters;
    this.#deploymentName = start.deploymentName;
    this.node = new AbortNode(start.parentNode);
    this.logConsole = flow.logConsole ?? parent?.logConsole ?? session.defaults.logConsole;
    this.persist = flow.persist ?? parent?.persist;
    this.store = flow.storage ? localStore(flow.storage) : (parent?.store ?? session.results);
    const size = flow.runner ? flow.runner.concurrency : session.defaults.concurrency;
    this.pool = size === undefined ? undefined : new Pool(size);
    this.related = relatedToFlowRun(start.run, flow.name, start.deploymentName);
    this.log = new RunLogger(session, {
      name: 'prefect.flow_runs',
      flowRunId: start.run.id,
      taskRunId: null,
      label: () => `Flow run '${this.run.name}'`,
    });
  }

  /** Takes over what the server knows of the run by now. */
  update(run: FlowRunResponse): void {
    this.run = run;
    this.related = relatedToFlowRun(run, this.flow.name, this.#deploymentName);
  }

  /** Number of earlier calls of a subflow in this execution; the same calls get the same numbers when the body runs again. */
  nextSubflowCall(key: string): number {
    const count = this.#subflowCalls.get(key) ?? 0;
    this.#subflowCalls.set(key, count + 1);
    return count;
  }

  /** Number of the next pause or suspension of this execution, from 1; the same call gets the same number when the body runs again. */
  nextPause(): number {
    return ++this.#pauses;
  }

  /** Somebody outside suspended the run: it stops at its next step. */
  suspendAtNextStep(reason: RunSuspended): void {
    this.#suspension = reason;
  }

  /** A step of the run: whatever starts or ends in it. @throws RunSuspended when the run was suspended from outside */
  step(): void {
    this.parent?.step();
    if (!this.#suspension) return;
    this.node.abort(this.#suspension);
    throw this.#suspension;
  }

  /** Starts counting again, for another execution of the body. */
  beginExecution(): void {
    this.#subflowCalls.clear();
    this.#pauses = 0;
    this.#futures = [];
  }

  /** Remembers a submitted run, to wait for it at the end. */
  track<T>(future: Future<T>): Future<T> {
    this.#futures.push(future as Future<unknown>);
    return future;
  }

  /** The submitted runs of this execution. */
  get futures(): readonly Future<unknown>[] {
    return this.#futures;
  }

  get view(): FlowRunView {
    const { id, name, flow_id, deployment_id, tags, run_count } = this.run;
    return {
      id,
      name,
      flowId: flow_id,
      flowName: this.flow.name,
      deploymentId: deployment_id,
      tags,
      runCount: run_count,
      parameters: this.parameters,
    };
  }
}
