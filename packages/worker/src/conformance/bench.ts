import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FlowRunResponse, StateType } from '@prefect-ts/protocol';
import { type ApiClient, createClient, ObjectNotFound } from 'prefect-ts/client';
import { type Front, openFront } from './front.ts';
import { programVariables } from './program.ts';
import type { ConformanceTarget, InspectedInfrastructure } from './target.ts';
import type { WorkerProcessOptions } from './worker-process.ts';

/** What a case works with: a work pool of the target's type on a real server, and workers in processes of their own. */
export interface Bench {
  readonly target: ConformanceTarget;
  readonly client: ApiClient;
  readonly front: Front;
  readonly pool: string;
  startWorker(options?: { readonly name?: string; readonly limit?: number }): Promise<WorkerHandle>;
  /** Creates a run of a program, which the workers of the pool then start. */
  startProgram(source: string, options?: RunOptions): Promise<string>;
  /** Creates a run of one of the kit's flows, by the worker's own command. */
  startFlow(name: string, options?: RunOptions): Promise<string>;
  /** Creates a deployment; runs are made with `POST /deployments/{id}/create_flow_run`. */
  deploy(jobVariables: Readonly<Record<string, unknown>>, entrypoint?: string): Promise<string>;
  read(flowRunId: string): Promise<FlowRunResponse>;
  /** Waits until a run is in one of these states, and gives it. */
  reaches(flowRunId: string, ...types: StateType[]): Promise<FlowRunResponse>;
  /** Waits until a run says a word, and gives what it says with it; a run that crashes says no more. */
  hears(flowRunId: string, word: string): Promise<unknown>;
  /** Waits for the name that the platform gave to a run. */
  infrastructureOf(flowRunId: string): Promise<string>;
  /** Waits until the platform does not run it any more. */
  endOf(infrastructureId: string): Promise<InspectedInfrastructure | undefined>;
  cancel(flowRunId: string): Promise<void>;
  /** Asks again until there is an answer. */
  eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T>;
  close(): Promise<void>;
}

export interface RunOptions {
  /** Job variables of the run, over those of the deployment. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Environment of the deployment. */
  readonly deploymentEnv?: Readonly<Record<string, string | null>>;
  readonly name?: string;
  readonly state?: { readonly type: 'SCHEDULED'; readonly state_details: { readonly scheduled_time: string } };
}

/** A worker in a process of its own. */
export interface WorkerHandle {
  readonly name: string;
  /** Everything that it has written so far. */
  readonly output: string;
  /** Ends it politely. */
  stop(): Promise<void>;
  /** Ends it as a loss of power would. */
  kill(): Promise<void>;
}

export interface BenchOptions {
  readonly target: ConformanceTarget;
  /** Address of the server: `http://127.0.0.1:4200`. */
  readonly serverUrl: string;
  /** How long something may take, in seconds. Default 60. */
  readonly patienceSeconds?: number;
}

/** Enough for a program that ends when it is asked to; soon over for one that does not. */
const GRACE_SECONDS = 2;
const LOOK_MS = 50;
const MAIN = fileURLToPath(new URL('./worker-process.ts', import.meta.url));

export async function openBench({ target, serverUrl, patienceSeconds = 60 }: BenchOptions): Promise<Bench> {
  const client = createClient({ apiUrl: `${serverUrl}/api`, maxRetries: 2 });
  const front = await openFront(serverUrl);
  const pool = `conformance-${target.type}-${randomUUID().slice(0, 8)}`;
  const workers: ChildProcess[] = [];
  const runs: string[] = [];
  let flowId: string | undefined;

  async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    for (const deadline = Date.now() + patienceSeconds * 1000; ; await pause(LOOK_MS)) {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline) throw new Error(`After ${patienceSeconds} s still not: ${what}`);
    }
  }

  const read = (id: string): Promise<FlowRunResponse> => client.call('GET /flow_runs/{id}', { path: { id } });

  async function deploy(jobVariables: Readonly<Record<string, unknown>>, entrypoint?: string): Promise<string> {
    flowId ??= (await client.call('POST /flows/', { body: { name: 'conformance' } })).id;
    const { id } = await client.call('POST /deployments/', {
      body: {
        name: randomUUID(),
        flow_id: flowId,
        work_pool_name: pool,
        job_variables: { ...jobVariables },
        ...(entrypoint === undefined ? {} : { entrypoint, path: target.flows?.directory ?? null }),
      },
    });
    return id;
  }

  async function startRun(deploymentId: string, { variables, name, state }: RunOptions): Promise<string> {
    const { id } = await client.call('POST /deployments/{id}/create_flow_run', {
      path: { id: deploymentId },
      body: { job_variables: { ...variables }, ...(name === undefined ? {} : { name }), ...(state ? { state } : {}) },
    });
    runs.push(id);
    return id;
  }

  const bench: Bench = {
    target,
    client,
    front,
    pool,
    eventually,
    read,
    deploy,
    async startWorker({ name = `worker-${randomUUID().slice(0, 8)}`, limit } = {}) {
      const options: WorkerProcessOptions = {
        type: target.type,
        pool,
        workerName: name,
        apiUrl: front.apiUrl,
        graceSeconds: GRACE_SECONDS,
        ...(target.worker === undefined ? {} : { worker: target.worker }),
        ...(limit === undefined ? {} : { limit }),
      };
      const child = spawn(process.execPath, [MAIN], {
        env: { ...process.env, ...target.workerEnvironment, CONFORMANCE_WORKER: JSON.stringify(options) },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      workers.push(child);
      const worker = handleOf(child, name);
      await eventually(`worker '${name}' is up; it said: ${worker.output}`, async () => {
        if (child.exitCode !== null) throw new Error(`The worker ended with ${child.exitCode}:\n${worker.output}`);
        return worker.output.includes('started!');
      });
      return worker;
    },
    async startProgram(source, options = {}) {
      const { command, env } = programVariables(target.node, source);
      const id = await deploy({ ...target.variables, command, env: { ...env, ...options.deploymentEnv } });
      return startRun(id, options);
    },
    async startFlow(name, options = {}) {
      const id = await deploy({ ...target.variables, ...target.flows?.variables }, `flows.ts:${name}`);
      return startRun(id, options);
    },
    reaches: (id, ...types) =>
      eventually(`run ${id} is ${types.join(' or ')}`, async () => {
        const run = await read(id);
        return run.state_type !== null && types.includes(run.state_type) && run;
      }).catch(async (error: Error) => {
        const { state } = await read(id);
        throw new Error(`${error.message}; it is ${state?.name}: ${state?.message}`);
      }),
    async hears(id, word) {
      await eventually(`run ${id} says '${word}'`, async () => {
        if (front.timesSaid(id, word) > 0) return true;
        const { state } = await read(id);
        if (front.timesSaid(id, word) === 0 && state?.type === 'CRASHED') {
          throw new Error(`Run ${id} has not said '${word}' before it crashed: ${state.message}`);
        }
        return false;
      });
      return front.said(id, word);
    },
    infrastructureOf: (id) =>
      eventually(`run ${id} is on infrastructure`, async () => (await read(id)).infrastructure_pid ?? undefined),
    endOf: (id) =>
      eventually(`${id} has ended`, async () => {
        const seen = await target.inspect(id);
        return !seen?.running && { seen };
      }).then(({ seen }) => seen),
    async cancel(id) {
      const state = { type: 'CANCELLING', name: 'Cancelling' } as const;
      await client.call('POST /flow_runs/{id}/set_state', { path: { id }, body: { state } });
    },
    async close() {
      await Promise.all(workers.map(endAtOnce));
      for (const id of runs) {
        const pid = await read(id).then(
          ({ infrastructure_pid }) => infrastructure_pid,
          (error: unknown) => {
            if (error instanceof ObjectNotFound) return null;
            throw error;
          },
        );
        if (pid !== null && (await target.inspect(pid))?.running) await target.destroy(pid);
      }
      await front.close();
      await client.close();
    },
  };
  const template = await defaultTemplate(client, target);
  await client.call('POST /work_pools/', { body: { name: pool, type: target.type, base_job_template: template } });
  return bench;
}

/** A type that the server does not know gets its template from its first worker. */
async function defaultTemplate(client: ApiClient, { type }: ConformanceTarget): Promise<Record<string, unknown>> {
  const collections = await client.call('GET /collections/views/{view}', { path: { view: 'aggregate-worker-metadata' } });
  const types = Object.values(collections as Record<string, Record<string, { default_base_job_configuration?: object }>>);
  const found = types.map((collection) => collection[type]).find((known) => known !== undefined);
  return { ...found?.default_base_job_configuration };
}

function handleOf(child: ChildProcess, name: string): WorkerHandle {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  return {
    name,
    get output() {
      return output;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
    kill: () => endAtOnce(child),
  };
}

async function endAtOnce(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
