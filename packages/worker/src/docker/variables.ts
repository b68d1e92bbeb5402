import { defineVariables } from '../job-template/base-job-template.ts';

/** What users set for runs that are containers of a Docker engine (contract 11.2). */
export const dockerVariables = defineVariables({
  properties: {
    image: {
      type: 'string',
      title: 'Image',
      description: 'The image of the container; for Python flows an official one of this version unless set.',
    },
    registry_credentials: {
      anyOf: [{ $ref: '#/definitions/DockerRegistryCredentials' }, { type: 'null' }],
      default: null,
      title: 'Registry Credentials',
      description: 'The login for a private registry of the image.',
    },
    image_pull_policy: {
      anyOf: [{ enum: ['IfNotPresent', 'Always', 'Never', 'IfPossible'], type: 'string' }, { type: 'null' }],
      default: null,
      title: 'Image Pull Policy',
      description: 'When to pull the image; unless set always for the tag latest, else if it is not there.',
    },
    networks: {
      type: 'array',
      items: { type: 'string' },
      title: 'Networks',
      description: 'Networks that the container is connected to.',
    },
    network_mode: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      default: null,
      title: 'Network Mode',
      description: 'The network mode, such as host or bridge; not together with networks.',
    },
    auto_remove: {
      type: 'boolean',
      default: false,
      title: 'Auto Remove',
      description: 'Remove the container when the run has ended.',
    },
    volumes: {
      type: 'array',
      items: { type: 'string' },
      title: 'Volumes',
      description: 'Volumes to mount, each as host:container, host:container:ro or host:container:rw.',
    },
    stream_output: {
      type: 'boolean',
      default: true,
      title: 'Stream Output',
      description: 'Show what a run prints in the output of the worker.',
    },
    mem_limit: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      default: null,
      title: 'Memory Limit',
      description: 'The most memory, such as 512m or 2g.',
    },
    memswap_limit: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      default: null,
      title: 'Memory Swap Limit',
      description: 'The most memory and swap together; -1 for unlimited swap.',
    },
    privileged: {
      type: 'boolean',
      default: false,
      title: 'Privileged',
      description: 'Give the container extended privileges.',
    },
    container_create_kwargs: {
      anyOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
      default: null,
      title: 'Container Configuration',
      description: 'Further options of container creation, by the names that the Python client of Docker gives them.',
    },
    container_wait_timeout: {
      anyOf: [{ type: 'integer', exclusiveMinimum: 0 }, { type: 'null' }],
      default: null,
      title: 'Container Wait Timeout',
      description: 'After how many seconds the worker stops watching a container; it watches to the end unless set.',
    },
  },
  definitions: {
    DockerRegistryCredentials: {
      title: 'DockerRegistryCredentials',
      type: 'object',
      description: 'How to log in to a container registry.',
      properties: {
        username: { type: 'string', title: 'Username', description: 'The name to log in with.' },
        password: {
          type: 'string',
          format: 'password',
          writeOnly: true,
          title: 'Password',
          description: 'The password to log in with.',
        },
        registry_url: { type: 'string', title: 'Registry Url', description: 'The address of the registry.' },
        reauth: {
          type: 'boolean',
          default: true,
          title: 'Reauth',
          description: 'Log in again although a login exists.',
        },
      },
      required: ['username', 'password', 'registry_url'],
      block_type_slug: 'docker-registry-credentials',
      block_schema_references: {},
    },
  },
});
