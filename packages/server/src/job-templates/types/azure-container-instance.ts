import {
  block,
  COMMON_NAMES,
  definition,
  flag,
  integer,
  list,
  number,
  optional,
  placeholdersFor,
  text,
  type WorkerType,
  workerType,
} from '../worker-type.ts';
import { DOCKER_REGISTRY_CREDENTIALS } from './docker.ts';

const ACI_CREDENTIALS = block(
  'AzureContainerInstanceCredentials',
  'azure-container-instance-credentials',
  'How to sign requests to Azure.',
  {
    client_id: optional(text('The id of the application.', { title: 'Client ID' })),
    tenant_id: optional(text('The id of its tenant.', { title: 'Tenant ID' })),
    client_secret: optional(text('The secret of the application.', { format: 'password', writeOnly: true })),
  },
);

const parameter = (description: string) => ({ type: 'string', metadata: { description } });

const armTemplate = {
  $schema: 'https://schema.management.azure.com/schemas/2019-08-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  parameters: {
    location: { ...parameter('Where the container group runs.'), defaultValue: '[resourceGroup().location]' },
    container_group_name: {
      ...parameter('The name of the container group.'),
      defaultValue: '[uniqueString(resourceGroup().id)]',
    },
    container_name: { ...parameter('The name of the container.'), defaultValue: '[uniqueString(resourceGroup().id)]' },
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

const createType = (type: string, name: string, description: string, isPush: boolean): WorkerType => {
  const variables = {
    resource_group_name: text('The resource group to create container groups in.', { title: 'Azure Resource Group Name' }),
    subscription_id: text('The subscription that pays.', { title: 'Azure Subscription ID', format: 'password', writeOnly: true }),
    image: text('The image of the container; an official one of this version unless set.'),
    identities: optional(list({ type: 'string' }, 'Managed identities of the container group.')),
    entrypoint: text('The entrypoint of the container.', { default: '/opt/prefect/entrypoint.sh' }),
    image_registry: optional({
      anyOf: [{ $ref: '#/definitions/DockerRegistryCredentials' }, { $ref: '#/definitions/ACRManagedIdentity' }],
      title: 'Image Registry (Optional)',
      description: 'How to reach a private registry of the image.',
    }),
    cpu: number('How many CPUs a run gets.', { title: 'CPU', default: 1 }),
    memory: number('How much memory a run gets in GB.', { default: 1 }),
    gpu_count: optional(integer('How many GPUs a run gets.', { title: 'GPU Count' })),
    gpu_sku: optional(text('The type of GPU.', { title: 'GPU SKU' })),
    subnet_ids: optional(list({ type: 'string' }, 'Subnets to connect to.', { title: 'Subnet IDs' })),
    dns_servers: optional(list({ type: 'string' }, 'Name servers to use.', { title: 'DNS Servers' })),
    aci_credentials: definition('AzureContainerInstanceCredentials', 'How to sign requests to Azure.', {
      title: 'ACI Credentials',
    }),
    stream_output: flag('Show what a run prints in the output of the worker.', { default: false }),
    task_start_timeout_seconds: integer('How many seconds a container may take to start.', { default: 240 }),
    task_watch_poll_interval: number('How many seconds between looks at the container.', { default: 5 }),
    ...(!isPush && { keep_container_group: flag('Keep the container group when the run has ended.', { default: false }) }),
  };
  const inTemplate = ['image', 'cpu', 'memory'];
  return workerType({
    type,
    name,
    description,
    logo: ['ACI', '#0078d4'],
    variables,
    required: ['resource_group_name', 'subscription_id', ...(isPush ? ['aci_credentials'] : [])],
    definitions: {
      AzureContainerInstanceCredentials: ACI_CREDENTIALS,
      DockerRegistryCredentials: DOCKER_REGISTRY_CREDENTIALS,
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
      ...placeholdersFor(
        ...COMMON_NAMES,
        'image',
        'cpu',
        'memory',
        ...Object.keys(variables).filter((key) => !inTemplate.includes(key)),
      ),
      arm_template: armTemplate,
    },
  });
};

export const AZURE_CONTAINER_INSTANCE = createType(
  'azure-container-instance',
  'Azure Container Instances',
  'Runs each flow run in a container group of Azure Container Instances.',
  false,
);
export const AZURE_CONTAINER_INSTANCE_PUSH = createType(
  'azure-container-instance:push',
  'Azure Container Instances - Push',
  'The server itself runs each flow run in a container group of Azure Container Instances; no worker is needed.',
  true,
);
