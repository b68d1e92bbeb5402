import type { FlowRunToStart } from '../src/base-worker.ts';
import { type Infrastructure, type InfrastructureEnd, InfrastructureNotFoundError } from '../src/infrastructure.ts';
import type { JobConfiguration } from '../src/job-template/job-configuration.ts';

/** A platform in memory, whose things live until a test ends them. */
export class ScriptedInfrastructure implements Infrastructure {
  readonly started: { readonly flowRun: FlowRunToStart; readonly config: JobConfiguration }[] = [];
  readonly watched: string[] = [];
  readonly killed: { readonly id: string; readonly graceSeconds: number }[] = [];
  closed = false;
  /** What was started without the server having been told. */
  untold: string | undefined;
  readonly #ends = new Map<string, PromiseWithResolvers<InfrastructureEnd>>();
  /** How a start goes on before it succeeds; a test may throw here. */
  onStart: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  /** Makes a thing that an earlier worker has started. */
  has(id: string): void {
    this.#ends.set(id, Promise.withResolvers());
  }

  /** Ends a thing by itself. */
  end(id: string, end: InfrastructureEnd): void {
    this.#ends.get(id)?.resolve(end);
  }

  async start(flowRun: FlowRunToStart, config: JobConfiguration, signal: AbortSignal): Promise<string> {
    this.started.push({ flowRun, config });
    await this.onStart(signal);
    const id = `thing-${this.started.length}`;
    this.has(id);
    return id;
  }

  watch(id: string): Promise<InfrastructureEnd> {
    this.watched.push(id);
    return this.#ends.get(id)?.promise ?? Promise.reject(new InfrastructureNotFoundError(`there is no ${id}`));
  }

  async find(): Promise<string | undefined> {
    return this.untold;
  }

  async kill(id: string, graceSeconds: number): Promise<void> {
    this.killed.push({ id, graceSeconds });
    this.end(id, { exitCode: 143 });
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
