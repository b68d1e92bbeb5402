import {
  block,
  COMMON_NAMES,
  definition,
  flag,
  integer,
  list,
  map,
  optional,
  placeholdersFor,
  text,
  workerType,
} from '../worker-type.ts';

/** Also used by other types whose images come from a registry. */
export const DOCKER_REGISTRY_CREDENTIALS = block(
  'DockerRegistryCredentials',
  'docker-registry-credentials',
  'How to log in to a container registry.',
  {
    username: text('The name to log in with.'),
    password: text('The password to log in with.', { format: 'password', writeOnly: true }),
    registry_url: text('The address of the registry.'),
    reauth: flag('Log in again although a login exists.', { default: true }),
  },
  ['username', 'password', 'registry_url'],
);

const VARIABLES = {
  image: text('The image of the container; an official one of this version unless set.'),
  registry_credentials: optional(definition('DockerRegistryCredentials', 'The login for a private registry of the image.')),
  image_pull_policy: optional({
    enum: ['IfNotPresent', 'Always', 'Never', 'IfPossible'],
    type: 'string',
    description: 'When to pull the image; unless set always for the tag latest, else if it is not there.',
  }),
  networks: list({ type: 'string' }, 'Networks that the container is connected to.'),
  network_mode: optional(text('The network mode, such as host or bridge; not together with networks.')),
  auto_remove: flag('Remove the container when the run has ended.', { default: false }),
  volumes: list({ type: 'string' }, 'Volumes to mount, each as host:container, host:container:ro or host:container:rw.'),
  stream_output: flag('Show what a run prints in the output of the worker.', { default: true }),
  mem_limit: optional(text('The most memory, such as 512m or 2g.', { title: 'Memory Limit' })),
  memswap_limit: optional(text('The most memory and swap together; -1 for unlimited swap.', { title: 'Memory Swap Limit' })),
  privileged: flag('Give the container extended privileges.', { default: false }),
  container_create_kwargs: optional(
    map({}, 'Further options of container creation, by the names that the Docker client gives them.', {
      title: 'Container Configuration',
      additionalProperties: true,
    }),
  ),
  container_wait_timeout: optional(
    integer('After how many seconds the worker stops watching a container; it watches to the end unless set.', {
      title: 'Container Wait Timeout',
      exclusiveMinimum: 0,
    }),
  ),
};

export const DOCKER = workerType({
  type: 'docker',
  name: 'Docker',
  description: 'Runs each flow run in a container of its own on a Docker engine.',
  logo: ['D', '#1d63ed'],
  variables: VARIABLES,
  definitions: { DockerRegistryCredentials: DOCKER_REGISTRY_CREDENTIALS },
  jobConfiguration: placeholdersFor(...COMMON_NAMES, ...Object.keys(VARIABLES)),
});
