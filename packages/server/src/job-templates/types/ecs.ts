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
  type WorkerType,
  workerType,
} from '../worker-type.ts';

const AWS_CREDENTIALS = block('AwsCredentials', 'aws-credentials', 'How to sign requests to AWS.', {
  aws_access_key_id: optional(text('The id of an access key.', { title: 'AWS Access Key ID' })),
  aws_secret_access_key: optional(
    text('The secret of the access key.', { title: 'AWS Access Key Secret', format: 'password', writeOnly: true }),
  ),
  aws_session_token: optional(text('The token of a temporary session.', { title: 'AWS Session Token' })),
  profile_name: optional(text('A profile of the AWS configuration.')),
  region_name: optional(text('The region to work in.')),
});

const VARIABLES = {
  task_definition_arn: optional(
    text('A task definition to use as it is, instead of registering one.', { title: 'Task Definition ARN' }),
  ),
  aws_credentials: definition('AwsCredentials', 'How to sign requests to AWS; what the environment offers unless set.', {
    title: 'AWS Credentials',
  }),
  cluster: optional(text('The cluster to run tasks in, by name or ARN; the default cluster unless set.')),
  family: optional(text('The family of the task definition; one for each pool and deployment unless set.')),
  launch_type: {
    enum: ['FARGATE', 'EC2', 'EXTERNAL', 'FARGATE_SPOT'],
    type: 'string',
    description: 'What tasks run on.',
    default: 'FARGATE',
  },
  capacity_provider_strategy: list(
    definition('CapacityProvider', 'One provider of the strategy.'),
    'Capacity providers to use instead of a launch type.',
  ),
  image: optional(text('The image of the container; an official one of this version unless set.')),
  cpu: optional(integer('CPU units of a task; 1024 are one CPU.', { title: 'CPU' })),
  memory: optional(integer('Memory of a task in MB.')),
  container_name: optional(text('The container of the task definition that a run executes in.')),
  prefect_api_key_secret_arn: optional(
    text('A secret of AWS that holds the API key, so that it is not in the environment of the task.'),
  ),
  prefect_api_auth_string_secret_arn: optional(text('A secret of AWS that holds the authorisation string of the API.')),
  task_role_arn: optional(text('The role that the run itself acts as.', { title: 'Task Role ARN' })),
  execution_role_arn: optional(
    text('The role that starts the container: pulls the image, writes logs.', { title: 'Execution Role ARN' }),
  ),
  vpc_id: optional(text('The network to run in; the default one unless set.', { title: 'VPC ID' })),
  configure_cloudwatch_logs: optional(flag('Send what a run prints to CloudWatch; needs an execution role.', {})),
  cloudwatch_logs_options: map({ type: 'string' }, 'Options of the awslogs driver.'),
  cloudwatch_logs_prefix: optional(text('The prefix of log streams.')),
  network_configuration: {
    type: 'object',
    description: 'Subnets, security groups and public address of a task; needs the network.',
  },
  auto_deregister_task_definition: flag('Deregister the task definition when the run has ended.', { default: false }),
  match_latest_revision_in_family: flag(
    'Use the latest revision of the family when it is the same, instead of registering another.',
    { default: false },
  ),
};

const taskDefinition = {
  containerDefinitions: [{ image: '{{ image }}', name: '{{ container_name }}' }],
  cpu: '{{ cpu }}',
  executionRoleArn: '{{ execution_role_arn }}',
  family: '{{ family }}',
  memory: '{{ memory }}',
};

const taskRunRequest = {
  capacityProviderStrategy: '{{ capacity_provider_strategy }}',
  cluster: '{{ cluster }}',
  launchType: '{{ launch_type }}',
  overrides: {
    containerOverrides: [
      {
        command: '{{ command }}',
        cpu: '{{ cpu }}',
        environment: '{{ env }}',
        memory: '{{ memory }}',
        name: '{{ container_name }}',
      },
    ],
    cpu: '{{ cpu }}',
    memory: '{{ memory }}',
    taskRoleArn: '{{ task_role_arn }}',
  },
  tags: '{{ labels }}',
  taskDefinition: '{{ task_definition_arn }}',
};

const createType = (type: string, name: string, description: string): WorkerType =>
  workerType({
    type,
    name,
    description,
    logo: ['ECS', '#d86613'],
    variables: VARIABLES,
    definitions: {
      AwsCredentials: AWS_CREDENTIALS,
      CapacityProvider: {
        title: 'CapacityProvider',
        type: 'object',
        properties: {
          capacityProvider: { title: 'Capacityprovider', type: 'string' },
          weight: { title: 'Weight', type: 'integer' },
          base: { title: 'Base', type: 'integer' },
        },
        required: ['capacityProvider', 'weight', 'base'],
      },
    },
    jobConfiguration: {
      ...placeholdersFor(
        ...COMMON_NAMES,
        'aws_credentials',
        'configure_cloudwatch_logs',
        'cloudwatch_logs_options',
        'cloudwatch_logs_prefix',
        'network_configuration',
        'auto_deregister_task_definition',
        'vpc_id',
        'container_name',
        'cluster',
        'match_latest_revision_in_family',
        'prefect_api_key_secret_arn',
        'prefect_api_auth_string_secret_arn',
        'execution_role_arn',
      ),
      stream_output: false,
      task_start_timeout_seconds: 0,
      task_watch_poll_interval: 0,
      task_definition: taskDefinition,
      task_run_request: taskRunRequest,
    },
  });

export const ECS = createType(
  'ecs',
  'AWS Elastic Container Service',
  'Runs each flow run as a task of AWS ECS, on Fargate or on machines of your own.',
);
export const ECS_PUSH = createType(
  'ecs:push',
  'AWS Elastic Container Service - Push',
  'The server itself runs each flow run as a task of AWS ECS; no worker is needed.',
);
