import { defineVariables } from '../job-template/base-job-template.ts';
import {
  block,
  COMMON_NAMES,
  definition,
  flag,
  integer,
  number,
  optional,
  placeholdersFor,
  text,
  texts,
  titled,
} from '../job-template/variable-schemas.ts';

const parameter = (description: string, preset: string) => ({ type: 'string', metadata: { description }, defaultValue: preset });

const armTemplate = {
  $schema: 'https://schema.management.azure.com/schemas/2019-08-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    location: parameter('Where the container group runs.', '[resourceGroup().location]'),
    container_group_name: parameter('The name of the container group.', '[uniqueString(resourceGroup().id)]'),
    container_name: parameter('The name of the container.', '[uniqueString(resourceGroup().id)]'),
  },
  resources: [
    {
      type: 'Microsoft.ContainerInstance/containerGroups',
      apiVersion: '2022-09-01',
      name: "[parameters('container_group_name')]",
      location: "[parameters('location')]",
      properties: {
        containers: [
          {
            name: "[parameters('container_name')]",
            properties: {
              image: '{{ image }}',
              command: '{{ command }}',
              resources: { requests: { cpu: '{{ cpu }}', memoryInGB: '{{ memory }}' } },
              environmentVariables: [],
            },
          },
        ],
        osType: 'Linux',
        restartPolicy: 'Never',
      },
    },
  ],
};

const outsideTemplate = titled({
  resource_group_name: text('The resource group to create container groups in.', { title: 'Azure Resource Group Name' }),
  subscription_id: text('The subscription that pays.', { title: 'Azure Subscription ID', format: 'password', writeOnly: true }),
  identities: optional(texts('Managed identities of the container group.')),
  entrypoint: text('The entrypoint of the container.', { default: '/opt/prefect/entrypoint.sh' }),
  image_registry: optional({
    anyOf: [{ $ref: '#/definitions/DockerRegistryCredentials' }, { $ref: '#/definitions/ACRManagedIdentity' }],
    title: 'Image Registry (Optional)',
    description: 'How to reach a private registry of the image.',
  }),
  gpu_count: optional(integer('How many GPUs a run gets.', { title: 'GPU Count' })),
  gpu_sku: optional(text('The type of GPU.', { title: 'GPU SKU' })),
  subnet_ids: optional(texts('Subnets to connect to.', { title: 'Subnet IDs' })),
  dns_servers: optional(texts('Name servers to use.', { title: 'DNS Servers' })),
  aci_credentials: definition('AzureContainerInstanceCredentials', 'How to sign requests to Azure.', {
    title: 'ACI Credentials',
  }),
  stream_output: flag('Show what a run prints in the output of the worker.', false),
  task_start_timeout_seconds: integer('How many seconds a container may take to start.', { default: 240 }),
  task_watch_poll_interval: number('How many seconds between looks at the container.', { default: 5 }),
  keep_container_group: flag('Keep the container group when the run has ended.', false),
});

/** What users set for runs that are container groups of Azure, and where it goes (contract 11.8). */
export const containerInstanceVariables = defineVariables({
  properties: {
    ...titled({
      image: text('The image of the container; an official one of this version unless set.'),
      cpu: number('How many CPUs a run gets.', { title: 'CPU', default: 1 }),
      memory: number('How much memory a run gets in GB.', { default: 1 }),
    }),
    ...outsideTemplate,
  },
  required: ['resource_group_name', 'subscription_id'],
  definitions: {
    AzureContainerInstanceCredentials: block(
      'AzureContainerInstanceCredentials',
      'azure-container-instance-credentials',
      'How to sign requests to Azure.',
      {
        client_id: optional(text('The id of the application.', { title: 'Client ID' })),
        tenant_id: optional(text('The id of its tenant.', { title: 'Tenant ID' })),
        client_secret: optional(text('The secret of the application.', { format: 'password', writeOnly: true })),
      },
    ),
    DockerRegistryCredentials: block(
      'DockerRegistryCredentials',
      'docker-registry-credentials',
      'How to log in to a container registry.',
      {
        username: text('The name to log in with.'),
        password: text('The password to log in with.', { format: 'password', writeOnly: true }),
        registry_url: text('The address of the registry.'),
        reauth: flag('Log in again although a login exists.', true),
      },
      ['username', 'password', 'registry_url'],
    ),
    ACRManagedIdentity: {
      title: 'ACRManagedIdentity',
      type: 'object',
      properties: {
        registry_url: text('The address of the registry.', { title: 'Registry URL' }),
        identity: text('The managed identity that may pull from it.', { title: 'Identity' }),
      },
      required: ['registry_url', 'identity'],
    },
  },
  jobConfiguration: {
    ...placeholdersFor(...COMMON_NAMES, 'image', 'cpu', 'memory', ...Object.keys(outsideTemplate)),
    arm_template: armTemplate,
  },
});
