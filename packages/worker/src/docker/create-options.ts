import type { ContainerCreateOptions } from 'dockerode';
import { DockerConfigurationError } from './configuration.ts';
import { parseSize } from './size.ts';

type Convert = (value: unknown, name: string) => unknown;
type Target = readonly [place: 'container' | 'host', apiName: string, convert?: Convert];

/**
 * Translates `container_create_kwargs`: pools are shared with Python workers, so its options have the names of the Python client of Docker.
 * What a variable of its own says is not an option here.
 *
 * @throws {DockerConfigurationError} for a name that means nothing
 */
export function translateCreateOptions(
  options: Readonly<Record<string, unknown>>,
): Pick<ContainerCreateOptions, 'HostConfig'> & Record<string, unknown> {
  const container: Record<string, unknown> = {};
  const host: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === null || VARIABLES.has(name)) continue;
    if (name === 'ports') {
      Object.assign(container, { ExposedPorts: mapValues(value, () => ({})) });
      Object.assign(host, { PortBindings: mapValues(value, portBindings) });
      continue;
    }
    const target = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
    if (target === undefined) throw new DockerConfigurationError(`container_create_kwargs: there is no option '${name}'.`);
    const [place, apiName, convert] = target;
    (place === 'host' ? host : container)[apiName] = convert ? convert(value, name) : value;
  }
  return { ...container, HostConfig: host };
}

/** These have variables of their own, which count. */
const VARIABLES = new Set([
  'image',
  'command',
  'env',
  'labels',
  'name',
  'networks',
  'network_mode',
  'auto_remove',
  'volumes',
  'stream_output',
  'mem_limit',
  'memswap_limit',
  'privileged',
  'registry_credentials',
  'image_pull_policy',
]);

const size: Convert = (value, name) => parseSize(value, `container_create_kwargs.${name}`);
const hostList: Convert = (value) =>
  Array.isArray(value) ? value : Object.entries(asRecord(value)).map(([host, address]) => `${host}:${address}`);
const words: Convert = (value) => (typeof value === 'string' ? [value] : value);
const capitalized: Convert = (value) => capitalizeKeys(value);
const devices: Convert = (value) => (Array.isArray(value) ? value.map(device) : value);
const tmpfs: Convert = (value) =>
  Array.isArray(value)
    ? Object.fromEntries(value.map((entry) => splitOnce(String(entry), ':')))
    : mapValues(value, (options) => String(options ?? ''));

const TARGETS: Readonly<Record<string, Target>> = {
  domainname: ['container', 'Domainname'],
  entrypoint: ['container', 'Entrypoint', words],
  healthcheck: ['container', 'Healthcheck', capitalized],
  hostname: ['container', 'Hostname'],
  mac_address: ['container', 'MacAddress'],
  network_disabled: ['container', 'NetworkDisabled'],
  platform: ['container', 'platform'],
  stdin_open: ['container', 'OpenStdin'],
  stop_signal: ['container', 'StopSignal'],
  tty: ['container', 'Tty'],
  user: ['container', 'User', (value) => String(value)],
  working_dir: ['container', 'WorkingDir'],
  blkio_weight: ['host', 'BlkioWeight'],
  cap_add: ['host', 'CapAdd'],
  cap_drop: ['host', 'CapDrop'],
  cgroup_parent: ['host', 'CgroupParent'],
  cgroupns: ['host', 'CgroupnsMode'],
  cpu_count: ['host', 'CpuCount'],
  cpu_percent: ['host', 'CpuPercent'],
  cpu_period: ['host', 'CpuPeriod'],
  cpu_quota: ['host', 'CpuQuota'],
  cpu_rt_period: ['host', 'CpuRealtimePeriod'],
  cpu_rt_runtime: ['host', 'CpuRealtimeRuntime'],
  cpu_shares: ['host', 'CpuShares'],
  cpuset_cpus: ['host', 'CpusetCpus'],
  cpuset_mems: ['host', 'CpusetMems'],
  device_cgroup_rules: ['host', 'DeviceCgroupRules'],
  device_requests: ['host', 'DeviceRequests', capitalized],
  devices: ['host', 'Devices', devices],
  dns: ['host', 'Dns'],
  dns_opt: ['host', 'DnsOptions'],
  dns_search: ['host', 'DnsSearch'],
  extra_hosts: ['host', 'ExtraHosts', hostList],
  group_add: ['host', 'GroupAdd'],
  init: ['host', 'Init'],
  ipc_mode: ['host', 'IpcMode'],
  isolation: ['host', 'Isolation'],
  log_config: ['host', 'LogConfig', capitalized],
  mem_reservation: ['host', 'MemoryReservation', size],
  mem_swappiness: ['host', 'MemorySwappiness'],
  mounts: ['host', 'Mounts', capitalized],
  nano_cpus: ['host', 'NanoCpus'],
  oom_kill_disable: ['host', 'OomKillDisable'],
  oom_score_adj: ['host', 'OomScoreAdj'],
  pid_mode: ['host', 'PidMode'],
  pids_limit: ['host', 'PidsLimit'],
  publish_all_ports: ['host', 'PublishAllPorts'],
  read_only: ['host', 'ReadonlyRootfs'],
  restart_policy: ['host', 'RestartPolicy', capitalized],
  runtime: ['host', 'Runtime'],
  security_opt: ['host', 'SecurityOpt'],
  shm_size: ['host', 'ShmSize', size],
  storage_opt: ['host', 'StorageOpt'],
  sysctls: ['host', 'Sysctls'],
  tmpfs: ['host', 'Tmpfs', tmpfs],
  ulimits: ['host', 'Ulimits', capitalized],
  userns_mode: ['host', 'UsernsMode'],
  uts_mode: ['host', 'UTSMode'],
  volume_driver: ['host', 'VolumeDriver'],
  volumes_from: ['host', 'VolumesFrom'],
};

/** `8080`, `['127.0.0.1', 8080]`, or a list of such; null takes any free port. */
function portBindings(value: unknown): unknown[] {
  if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && value[0].includes('.')) {
    return [{ HostIp: value[0], HostPort: String(value[1] ?? '') }];
  }
  if (Array.isArray(value)) return value.flatMap(portBindings);
  return [{ HostPort: value === null ? '' : String(value) }];
}

/** `/dev/fuse:/dev/fuse:rwm`; what is left out is as on the host, with all permissions. */
function device(entry: unknown): unknown {
  if (typeof entry !== 'string') return entry;
  const [PathOnHost = '', PathInContainer = PathOnHost, CgroupPermissions = 'rwm'] = entry.split(':');
  return { PathOnHost, PathInContainer, CgroupPermissions };
}

/** The Python client takes `{name, soft}` and `{Name, Soft}` alike; the engine takes the latter. */
function capitalizeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalizeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key.replace(/(^|_)([a-z])/g, (_match, _gap, letter: string) => letter.toUpperCase()),
      // What stands below is named by users: options of a log driver, of a volume.
      Array.isArray(entry) ? entry.map(capitalizeKeys) : entry,
    ]),
  );
}

function mapValues(value: unknown, change: (entry: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(asRecord(value)).map(([key, entry]) => [key, change(entry)]));
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
