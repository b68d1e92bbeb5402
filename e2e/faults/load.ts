import { setTimeout as pause } from 'node:timers/promises';
import type { FlowRunResponse, OrchestrationResult, State, StateType } from '@prefect-ts/protocol';
import { expect } from 'vitest';
import type { ServerProcess } from '../server-process.ts';

/** So many runs are under way at once, each with two rivals who want to claim it. */
const CLIENTS = 8;
const AFTER_THE_CLAIM: StateType[] = ['RUNNING', 'COMPLETED'];
/** What a client may meet while a server or its database is away, and that trying again cures. */
const CURABLE = 503;

/**
 * Clients that take runs of a deployment through their lives without a pause, and try again when something is away. The deployment has as
 * many slots as there are clients, so that one that is leaked is missed.
 */
export class Load {
  readonly #server: ServerProcess;
  readonly #acknowledged = new Map<string, string[]>();
  readonly #refused: unknown[] = [];
  readonly #claims: { run: string; winners: number }[] = [];
  #flowId = '';
  #deployment = { id: '', limitId: '' };
  #stopping = false;
  #clients: Promise<void>[] = [];

  constructor(server: ServerProcess) {
    this.#server = server;
  }

  /** How many runs the server said yes to. */
  get size(): number {
    return this.#acknowledged.size;
  }

  async start(): Promise<void> {
    this.#flowId = (await this.#server.request<{ id: string }>('POST', '/flows/', { name: 'loaded' })).body.id;
    const { body } = await this.#server.request<{ id: string; global_concurrency_limit: { id: string } }>(
      'POST',
      '/deployments/',
      {
        name: 'd',
        flow_id: this.#flowId,
        concurrency_limit: CLIENTS,
      },
    );
    this.#deployment = { id: body.id, limitId: body.global_concurrency_limit.id };
    this.#clients = Array.from({ length: CLIENTS }, () => this.#client());
  }

  /** Resolves when so many more runs have begun. */
  async grown(by: number): Promise<void> {
    const before = this.size;
    while (this.size < before + by) await pause(2);
  }

  /** Lets every client finish its run, and checks that nothing was lost, done twice, leaked or refused. */
  async finish(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#clients);
    expect(this.#refused).toEqual([]);
    expect(this.#claims.filter(({ winners }) => winners !== 1)).toEqual([]);
    const lost: unknown[] = [];
    for (const [id, states] of this.#acknowledged) {
      const { body } = await this.#server.request<State[]>('GET', `/flow_run_states/?flow_run_id=${id}`);
      const kept = body.map((state) => state.id);
      const types = body.map(({ type }) => type);
      const life = ['SCHEDULED', 'PENDING', ...AFTER_THE_CLAIM];
      if (states.some((state) => !kept.includes(state)) || types.join() !== life.join()) lost.push({ id, states, kept, types });
    }
    expect(lost).toEqual([]);
    const { body: limit } = await this.#server.request('GET', `/v2/concurrency_limits/${this.#deployment.limitId}`);
    expect(limit).toMatchObject({ active_slots: 0 });
  }

  /** One run after the other: keys and the ids of transitions make every request repeatable. */
  async #client(): Promise<void> {
    while (!this.#stopping) {
      const wanted = { flow_id: this.#flowId, deployment_id: this.#deployment.id, state: { type: 'SCHEDULED' } };
      const run = await this.#insist<FlowRunResponse>('POST', '/flow_runs/', { ...wanted, idempotency_key: crypto.randomUUID() });
      const states = [run.state_id ?? ''];
      this.#acknowledged.set(run.id, states);
      const claims = await Promise.all([this.#claim(run.id), this.#claim(run.id)]);
      const won = claims.filter((state) => state !== undefined);
      this.#claims.push({ run: run.id, winners: won.length });
      states.push(...won);
      for (const type of AFTER_THE_CLAIM) states.push((await this.#propose(run.id, type)).state?.id ?? '');
    }
  }

  /** Answers the state that the claim made, or nothing when a rival was first. */
  async #claim(run: string): Promise<string | undefined> {
    const transition = crypto.randomUUID();
    const { status, state } = await this.#propose(run, 'PENDING', transition);
    // Asked again after the answer was lost, the server says that this very transition was made.
    const mine = status === 'ACCEPT' || (status === 'REJECT' && state?.state_details.transition_id === transition);
    return mine ? state?.id : undefined;
  }

  #propose(run: string, type: StateType, transition_id = crypto.randomUUID()): Promise<OrchestrationResult> {
    const state = { type, state_details: { transition_id } };
    return this.#insist<OrchestrationResult>('POST', `/flow_runs/${run}/set_state`, { state });
  }

  /** Sends a request until it is answered, as clients do when a connection breaks. */
  async #insist<Body>(method: string, path: string, body: object): Promise<Body> {
    for (;;) {
      const answer = await this.#server.request<Body>(method, path, body).catch(() => undefined);
      if (answer && answer.status !== CURABLE) {
        if (answer.status >= 300) this.#refused.push({ path, ...answer });
        return answer.body;
      }
      await pause(5);
    }
  }
}
