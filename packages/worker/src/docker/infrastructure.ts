import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { type Logger, retryPatiently } from 'prefect-ts/runner';
import type { FlowRunToStart, WorkerContext } from '../base-worker.ts';
import {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotAvailableError,
  InfrastructureNotFoundError,
  type WatchOptions,
} from '../infrastructure.ts';
import { loadPlatformClient } from '../platform-client.ts';
import type { DockerConfiguration } from './configuration.ts';
import { containerEnd } from './container-end.ts';
import { emitContainerEvent } from './container-events.ts';
import { containerName, containerOptions } from './container-options.ts';
import { followOutput } from './container-output.ts';
import {
  DockerRefusalError,
  DockerUnavailableError,
  engineMessage,
  hasStatus,
  isNameTaken,
  isUnanswered,
} from './engine-errors.ts';
import { chooseImage, ImageError, provideImage } from './image.ts';

/** Connects to the engine that `DOCKER_HOST` names; default: the one of this machine. */
export async function openDocker(context: WorkerContext): Promise<Infrastructure<DockerConfiguration>> {
  const { default: Client } = await loadPlatformClient('docker', 'dockerode', () => import('dockerode'));
  const docker = new Client();
  const infrastructure = new DockerInfrastructure(docker, context);
  // An engine may come later; its absence is told where a person looks first.
  await docker.ping().catch((error: unknown) => context.log.warning(unavailable(error).message));
  return infrastructure;
}

class DockerInfrastructure implements Infrastructure<DockerConfiguration> {
  readonly #docker: Docker;
  readonly #context: WorkerContext;
  #engine: Promise<string> | undefined;
  /** Exits that must be awaited from the start, because the engine forgets the container at once. */
  readonly #exits = new Map<string, Promise<InfrastructureEnd>>();
  /** Containers of this process whose output has not been followed yet. */
  readonly #fresh = new Set<string>();

  constructor(docker: Docker, context: WorkerContext) {
    this.#docker = docker;
    this.#context = context;
  }

  async start(flowRun: FlowRunToStart, config: DockerConfiguration, signal: AbortSignal): Promise<string> {
    const { log } = this.#context;
    const name = containerName(config.name);
    try {
      const image = chooseImage(flowRun, config);
      const options = containerOptions(config, image);
      const engine = await this.#engineName();
      await provideImage(this.#docker, image, config, { log, signal });
      signal.throwIfAborted();
      const container = await this.#create(name, options);
      await this.#startContainer(container, config);
      return `${engine}:${container.id}`;
    } catch (error) {
      if (signal.aborted) throw error;
      emitContainerEvent(this.#context, 'creation-failed', { id: name ?? flowRun.id, name: name ?? flowRun.name }, config);
      throw explain(error);
    }
  }

  /** A name that is taken gets a number. */
  async #create(name: string | undefined, options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
    for (let suffix = 0; ; suffix += 1) {
      const numbered = suffix === 0 || name === undefined ? name : `${name}-${suffix}`;
      try {
        return await this.#docker.createContainer({ ...options, ...(numbered === undefined ? {} : { name: numbered }) });
      } catch (error) {
        if (!isNameTaken(error) || name === undefined) throw error;
      }
    }
  }

  async #startContainer(container: Docker.Container, config: DockerConfiguration): Promise<void> {
    try {
      for (const network of config.networks?.slice(1) ?? []) {
        await this.#docker.getNetwork(network).connect({ Container: container.id });
      }
      if (config.auto_remove) this.#awaitExit(container);
      await container.start();
    } catch (error) {
      this.#exits.delete(container.id);
      await container.remove({ force: true }).catch(() => undefined);
      throw error;
    }
    this.#fresh.add(container.id);
    emitContainerEvent(this.#context, 'running', { id: container.id, name: config.name ?? container.id }, config);
  }

  #awaitExit(container: Docker.Container): void {
    const exit = container.wait({ condition: 'next-exit' }).then(({ StatusCode }) => ({ exitCode: StatusCode as number }));
    exit.catch(() => undefined);
    this.#exits.set(container.id, exit);
  }

  async watch(id: string, config: DockerConfiguration, { log, signal }: WatchOptions): Promise<InfrastructureEnd> {
    const container = this.#docker.getContainer(containerId(id));
    const patience = config.container_wait_timeout;
    const enough = patience ? AbortSignal.timeout(patience * 1000) : undefined;
    const until = enough ? AbortSignal.any([signal, enough]) : signal;
    // What was printed before this process came to watch has been shown by the one that started the container.
    let since = this.#fresh.delete(container.id) ? undefined : secondsNow();
    for (let failures = 1; ; failures += 1) {
      try {
        const end = await this.#watchToEnd(id, container, config, { log, since, signal: until });
        emitContainerEvent(this.#context, 'exited', { id: container.id, name: config.name ?? container.id }, config);
        return end;
      } catch (error) {
        signal.throwIfAborted();
        if (enough?.aborted) {
          log.warning(`Container ${id} is not watched any more after ${patience} s; it goes on.`);
          return { exitCode: 0, unwatched: true };
        }
        if (!isUnanswered(error)) throw error;
        if (failures === 1) log.warning(unavailable(error).message);
        since = secondsNow();
        await sleep(retryPatiently(failures) * 1000, undefined, { signal: until }).catch(() => undefined);
      }
    }
  }

  async #watchToEnd(
    id: string,
    container: Docker.Container,
    config: DockerConfiguration,
    options: { log: Logger; since: number | undefined; signal: AbortSignal },
  ): Promise<InfrastructureEnd> {
    const awaited = this.#exits.get(container.id);
    try {
      await container.inspect({ abortSignal: options.signal });
      const output = config.stream_output === false ? undefined : followOutput(this.#docker, container, options);
      output?.catch(() => undefined);
      const { StatusCode } = await container.wait({ abortSignal: options.signal });
      await output?.catch((error: Error) => options.log.debug(`The output of container ${id} broke off: ${error.message}`));
      return await this.#readEnd(container, StatusCode);
    } catch (error) {
      if (!hasStatus(error, 404)) throw error;
      if (awaited === undefined) throw await this.#missing(id);
      return await awaited;
    } finally {
      if (!options.signal.aborted) this.#exits.delete(container.id);
    }
  }

  async #readEnd(container: Docker.Container, exitCode: number): Promise<InfrastructureEnd> {
    try {
      return containerEnd(await container.inspect());
    } catch (error) {
      if (hasStatus(error, 404)) return { exitCode };
      throw error;
    }
  }

  async kill(id: string, graceSeconds: number): Promise<void> {
    try {
      await this.#docker.getContainer(containerId(id)).stop({ t: graceSeconds });
    } catch (error) {
      if (hasStatus(error, 404)) throw await this.#missing(id);
      // It has ended already.
      if (!hasStatus(error, 304)) throw explain(error);
    }
  }

  async find(flowRunId: string): Promise<string | undefined> {
    const label = `io.prefect.flow-run-id=${flowRunId}`;
    const [newest] = await this.#docker.listContainers({ all: true, limit: 1, filters: { label: [label] } });
    return newest && `${await this.#engineName()}:${newest.Id}`;
  }

  /** A container that this engine does not know was either removed or belongs to another engine. */
  async #missing(id: string): Promise<Error> {
    const engine = await this.#engineName();
    if (id.startsWith(`${engine}:`)) return new InfrastructureNotFoundError(`Container ${id} is not there any more.`);
    return new InfrastructureNotAvailableError(`Container ${id} is not known to this engine, ${engine}.`);
  }

  /**
   * Names the engine by its machine and its folder there, which are the same whatever way leads to it; a socket's path or an engine's own id
   * are not.
   */
  #engineName(): Promise<string> {
    this.#engine ??= this.#docker.info().then(
      ({ Name, DockerRootDir }: { Name: string; DockerRootDir: string }) => `http+docker://${Name}${DockerRootDir}`,
      (error: unknown) => {
        this.#engine = undefined;
        throw error;
      },
    );
    return this.#engine;
  }
}

/** The engine's name may have colons of its own; an id has none. */
function containerId(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}

function secondsNow(): number {
  return Math.floor(Date.now() / 1000);
}

function explain(error: unknown): unknown {
  if (isUnanswered(error)) return unavailable(error);
  if (hasStatus(error, 404) && /no such image/i.test(engineMessage(error))) return new ImageError(engineMessage(error));
  return error instanceof Error && 'statusCode' in error ? new DockerRefusalError(engineMessage(error)) : error;
}

function unavailable(error: unknown): DockerUnavailableError {
  const host = process.env.DOCKER_HOST ?? 'the default socket';
  return new DockerUnavailableError(
    `The Docker engine at ${host} does not answer: ${engineMessage(error)}. Is it running, and does DOCKER_HOST name it?`,
  );
}
