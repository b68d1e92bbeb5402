import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { splitWords } from '../steps/run-command.ts';
import { type DockerConfiguration, DockerConfigurationError } from './configuration.ts';
import { translateCreateOptions } from './create-options.ts';
import { parseSize } from './size.ts';

const DEFAULT_COMMAND = 'prefect flow-run execute';
/** The name by which containers reach the machine of their engine. */
const HOST_NAME = 'host.docker.internal';
const LOCAL_API = /^(\w+:\/\/)(localhost|127\.0\.0\.1)(?=[:/]|$)/;
const LONGEST_NAME = 250;

/** What the engine is asked to create for a run (contract 11.2), but for the container's name. */
export function containerOptions(config: DockerConfiguration, image: string): ContainerCreateOptions {
  const networkMode = chooseNetworkMode(config);
  const env = containerEnvironment(config, networkMode);
  const further = translateCreateOptions(config.container_create_kwargs ?? {});
  const [network] = config.networks ?? [];
  const host: HostConfig = {
    ...further.HostConfig,
    AutoRemove: config.auto_remove ?? false,
    Privileged: config.privileged ?? false,
    ...(config.volumes?.length ? { Binds: config.volumes.map(checkVolume) } : {}),
    ...(config.mem_limit == null ? {} : { Memory: parseSize(config.mem_limit, 'mem_limit') }),
    ...(config.memswap_limit == null ? {} : { MemorySwap: parseSize(config.memswap_limit, 'memswap_limit') }),
    ...(network !== undefined ? { NetworkMode: network } : networkMode !== undefined ? { NetworkMode: networkMode } : {}),
  };
  if (networkMode !== 'host' && env.PREFECT_API_URL?.includes(HOST_NAME)) {
    host.ExtraHosts = withHostGateway(host.ExtraHosts ?? []);
  }
  return {
    ...further,
    Image: image,
    Cmd: splitWords(config.command ?? DEFAULT_COMMAND),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Labels: containerLabels(config.labels),
    HostConfig: host,
    ...(network === undefined ? {} : { NetworkingConfig: { EndpointsConfig: { [network]: {} } } }),
  };
}

/** A name that the engine takes; undefined when nothing of it is left, and the engine then finds one. */
export function containerName(name: string | null): string | undefined {
  const plain = (name ?? '')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[_.-]+/, '')
    .slice(0, LONGEST_NAME)
    .replace(/-+$/, '');
  // The engine wants two characters.
  return plain.length < 2 ? undefined : plain;
}

/** `prefect.io/flow-run-id` becomes `io.prefect.flow-run-id`, as the engine's users write labels. */
function containerLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const named = Object.entries(labels).map(([key, value]) => [reverseDomain(key), value]);
  return { ...Object.fromEntries(named), 'io.prefect.version': COMPATIBLE_VERSION };
}

function reverseDomain(key: string): string {
  const slash = key.indexOf('/');
  if (slash < 0) return key;
  return [...key.slice(0, slash).split('.').reverse(), key.slice(slash + 1)].join('.');
}

/** A server of the worker's own machine is reached best from the machine's own network. */
function chooseNetworkMode({ network_mode, networks, env }: DockerConfiguration): string | undefined {
  if (network_mode && networks?.length) {
    throw new DockerConfigurationError(`network_mode '${network_mode}' and networks '${networks}' exclude each other.`);
  }
  if (network_mode) return network_mode;
  const isLocal = LOCAL_API.test(env.PREFECT_API_URL ?? '');
  return isLocal && !networks?.length && process.platform === 'linux' ? 'host' : undefined;
}

function containerEnvironment({ env }: DockerConfiguration, networkMode: string | undefined): Record<string, string> {
  const set = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null));
  const url = set.PREFECT_API_URL;
  if (url !== undefined && networkMode !== 'host') set.PREFECT_API_URL = url.replace(LOCAL_API, `$1${HOST_NAME}`);
  return set;
}

function withHostGateway(hosts: string[]): string[] {
  return hosts.some((entry) => entry.startsWith(`${HOST_NAME}:`)) ? hosts : [...hosts, `${HOST_NAME}:host-gateway`];
}

function checkVolume(volume: string): string {
  if (volume.includes(':')) return volume;
  throw new DockerConfigurationError(
    `volumes: '${volume}' does not say where it is mounted; write host:container or host:container:ro.`,
  );
}
