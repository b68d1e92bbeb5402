import { describe, expect, test } from 'vitest';
import { type DockerConfiguration, DockerConfigurationError } from './configuration.ts';
import { containerName, containerOptions } from './container-options.ts';

const optionsOf = (more: Partial<DockerConfiguration> = {}) =>
  containerOptions({ command: null, env: {}, labels: {}, name: null, ...more }, 'flows:1');

const REMOTE = { PREFECT_API_URL: 'https://prefect.example.com/api' };
const LOCAL = { PREFECT_API_URL: 'http://127.0.0.1:4200/api' };

describe('a container', () => {
  test('runs the command that executes a run, or its own', () => {
    expect(optionsOf().Cmd).toEqual(['prefect', 'flow-run', 'execute']);
    expect(optionsOf({ command: `sh -c 'echo "a b"'` }).Cmd).toEqual(['sh', '-c', 'echo "a b"']);
  });

  test('gets the variables that are set, and not those that are null', () => {
    expect(optionsOf({ env: { A: '1', B: null, C: '' } }).Env).toEqual(['A=1', 'C=']);
  });

  test('mounts its volumes, which must say where', () => {
    expect(optionsOf({ volumes: ['/data:/data:ro', 'cache:/cache'] }).HostConfig?.Binds).toEqual([
      '/data:/data:ro',
      'cache:/cache',
    ]);
    expect(() => optionsOf({ volumes: ['/data'] })).toThrow(DockerConfigurationError);
  });

  test('has limits in bytes', () => {
    const { HostConfig } = optionsOf({ mem_limit: '512m', memswap_limit: '-1' });
    expect([HostConfig?.Memory, HostConfig?.MemorySwap]).toEqual([536_870_912, -1]);
    expect(() => optionsOf({ mem_limit: 'much' })).toThrow("mem_limit: 'much' is not an amount of memory");
  });

  test('has the rights that it is given', () => {
    expect(optionsOf().HostConfig).toMatchObject({ Privileged: false, AutoRemove: false });
    expect(optionsOf({ privileged: true, auto_remove: true }).HostConfig).toMatchObject({ Privileged: true, AutoRemove: true });
  });

  test('has labels as its engine writes them', () => {
    expect(optionsOf({ labels: { 'prefect.io/flow-run-id': 'r1', plain: 'x' } }).Labels).toMatchObject({
      'io.prefect.flow-run-id': 'r1',
      plain: 'x',
      'io.prefect.version': expect.stringMatching(/^3\./),
    });
  });
});

describe('the network of a container', () => {
  test('is that of the machine when the server is there too', () => {
    const { HostConfig, Env } = optionsOf({ env: LOCAL });
    expect(HostConfig?.NetworkMode).toBe(process.platform === 'linux' ? 'host' : undefined);
    if (process.platform === 'linux') expect(Env).toEqual(['PREFECT_API_URL=http://127.0.0.1:4200/api']);
  });

  test('is left to the engine when the server is elsewhere', () => {
    const { HostConfig, Env } = optionsOf({ env: REMOTE });
    expect(HostConfig).not.toHaveProperty('NetworkMode');
    expect(HostConfig).not.toHaveProperty('ExtraHosts');
    expect(Env).toEqual(['PREFECT_API_URL=https://prefect.example.com/api']);
  });

  test.each(['http://127.0.0.1:4200/api', 'http://localhost:4200/api'])(
    'of its own leads to %s by the name of the machine',
    (url) => {
      const { HostConfig, Env } = optionsOf({ env: { PREFECT_API_URL: url }, network_mode: 'bridge' });
      expect(Env).toEqual(['PREFECT_API_URL=http://host.docker.internal:4200/api']);
      expect(HostConfig).toMatchObject({ NetworkMode: 'bridge', ExtraHosts: ['host.docker.internal:host-gateway'] });
    },
  );

  test('keeps an address that someone gave to the name of the machine', () => {
    const extra_hosts = { 'host.docker.internal': '10.0.0.7' };
    const { HostConfig } = optionsOf({ env: LOCAL, network_mode: 'bridge', container_create_kwargs: { extra_hosts } });
    expect(HostConfig?.ExtraHosts).toEqual(['host.docker.internal:10.0.0.7']);
  });

  test('is the first of its networks; a mode besides them is refused', () => {
    const { HostConfig, NetworkingConfig } = optionsOf({ env: LOCAL, networks: ['one', 'two'] });
    expect(HostConfig?.NetworkMode).toBe('one');
    expect(NetworkingConfig).toEqual({ EndpointsConfig: { one: {} } });
    expect(() => optionsOf({ networks: ['one'], network_mode: 'host' })).toThrow(DockerConfigurationError);
  });
});

describe('further options', () => {
  test('have the names of the Python client', () => {
    const { HostConfig, ...container } = optionsOf({
      container_create_kwargs: {
        user: 1000,
        entrypoint: '/bin/entry',
        ports: { '80/tcp': 8080, '81/tcp': ['127.0.0.1', 8081], '82/tcp': null },
        devices: ['/dev/fuse', '/dev/a:/dev/b:r'],
        ulimits: [{ name: 'nofile', soft: 1024, hard: 2048 }],
        tmpfs: { '/run': 'size=1m', '/tmp': '' },
        restart_policy: { Name: 'on-failure', MaximumRetryCount: 2 },
        nano_cpus: 500_000_000,
        mem_reservation: '64m',
        init: null,
      },
    });
    expect(container).toMatchObject({
      User: '1000',
      Entrypoint: ['/bin/entry'],
      ExposedPorts: { '80/tcp': {}, '81/tcp': {}, '82/tcp': {} },
    });
    expect(HostConfig).toMatchObject({
      PortBindings: {
        '80/tcp': [{ HostPort: '8080' }],
        '81/tcp': [{ HostIp: '127.0.0.1', HostPort: '8081' }],
        '82/tcp': [{ HostPort: '' }],
      },
      Devices: [
        { PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'rwm' },
        { PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'r' },
      ],
      Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 2048 }],
      Tmpfs: { '/run': 'size=1m', '/tmp': '' },
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 2 },
      NanoCpus: 500_000_000,
      MemoryReservation: 67_108_864,
    });
    expect(HostConfig).not.toHaveProperty('Init');
  });

  test('do not override what has a variable of its own', () => {
    expect(optionsOf({ container_create_kwargs: { image: 'other', privileged: true } })).toMatchObject({
      Image: 'flows:1',
      HostConfig: { Privileged: false },
    });
  });

  test('that do not exist are named', () => {
    expect(() => optionsOf({ container_create_kwargs: { cpus: 1 } })).toThrow(
      "container_create_kwargs: there is no option 'cpus'.",
    );
  });
});

test.each([
  ['calm-owl', 'calm-owl'],
  ['_größe/of: “Owl”', 'gro-e-of-Owl'],
  ['--..x1', 'x1'],
  ['流', undefined],
  [null, undefined],
  ['a'.repeat(300), 'a'.repeat(250)],
])('the name %s becomes %s', (name, expected) => {
  expect(containerName(name)).toBe(expected);
});
