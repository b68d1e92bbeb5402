import { defineVariables, type VariableSchema } from '../job-template/base-job-template.ts';

const optional = (type: 'string' | 'integer' | 'boolean', title: string, description: string): VariableSchema => ({
  anyOf: [{ type }, { type: 'null' }],
  title,
  description,
  default: null,
});

const flag = (title: string, description: string): VariableSchema => ({ title, type: 'boolean', description, default: false });

/** What users set for runs that are tasks of AWS ECS, and where it goes (contract 11.4). */
export const ecsVariables = defineVariables({
  properties: {
    task_definition_arn: optional(
      'string',
      'Task Definition ARN',
      'A task definition to use as it is, instead of registering one.',
    ),
    aws_credentials: {
      title: 'AWS Credentials',
      $ref: '#/definitions/AwsCredentials',
      description: 'How to sign requests to AWS; what the environment offers unless set.',
    },
    cluster: optional('string', 'Cluster', 'The cluster to run tasks in, by name or ARN; the default cluster unless set.'),
    family: optional('string', 'Family', 'The family of the task definition; one for each pool and deployment unless set.'),
    launch_type: {
      title: 'Launch Type',
      enum: ['FARGATE', 'EC2', 'EXTERNAL', 'FARGATE_SPOT'],
      type: 'string',
      description: 'What tasks run on.',
      default: 'FARGATE',
    },
    capacity_provider_strategy: {
      title: 'Capacity Provider Strategy',
      type: 'array',
      items: { $ref: '#/definitions/CapacityProvider', description: 'One provider of the strategy.' },
      description: 'Capacity providers to use instead of a launch type.',
    },
    image: optional('string', 'Image', 'The image of the container; an official one of this version unless set.'),
    cpu: optional('integer', 'CPU', 'CPU units of a task; 1024 are one CPU.'),
    memory: optional('integer', 'Memory', 'Memory of a task in MB.'),
    container_name: optional('string', 'Container Name', 'The container of the task definition that a run executes in.'),
    prefect_api_key_secret_arn: optional(
      'string',
      'Prefect Api Key Secret Arn',
      'A secret of AWS that holds the API key, so that it is not in the environment of the task.',
    ),
    prefect_api_auth_string_secret_arn: optional(
      'string',
      'Prefect Api Auth String Secret Arn',
      'A secret of AWS that holds the authorisation string of the API.',
    ),
    task_role_arn: optional('string', 'Task Role ARN', 'The role that the run itself acts as.'),
    execution_role_arn: optional(
      'string',
      'Execution Role ARN',
      'The role that starts the container: pulls the image, writes logs.',
    ),
    vpc_id: optional('string', 'VPC ID', 'The network to run in; the default one unless set.'),
    configure_cloudwatch_logs: optional(
      'boolean',
      'Configure Cloudwatch Logs',
      'Send what a run prints to CloudWatch; needs an execution role.',
    ),
    cloudwatch_logs_options: {
      title: 'Cloudwatch Logs Options',
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Options of the awslogs driver.',
    },
    cloudwatch_logs_prefix: optional('string', 'Cloudwatch Logs Prefix', 'The prefix of log streams.'),
    network_configuration: {
      title: 'Network Configuration',
      type: 'object',
      description: 'Subnets, security groups and public address of a task; needs the network.',
    },
    auto_deregister_task_definition: flag(
      'Auto Deregister Task Definition',
      'Deregister the task definition when the run has ended.',
    ),
    match_latest_revision_in_family: flag(
      'Match Latest Revision In Family',
      'Use the latest revision of the family when it is the same, instead of registering another.',
    ),
  },
  definitions: {
    AwsCredentials: {
      title: 'AwsCredentials',
      type: 'object',
      description: 'How to sign requests to AWS.',
      properties: {
        aws_access_key_id: optional('string', 'AWS Access Key ID', 'The id of an access key.'),
        aws_secret_access_key: {
          anyOf: [{ type: 'string', format: 'password', writeOnly: true }, { type: 'null' }],
          title: 'AWS Access Key Secret',
          description: 'The secret of the access key.',
          default: null,
        },
        aws_session_token: optional('string', 'AWS Session Token', 'The token of a temporary session.'),
        profile_name: optional('string', 'Profile Name', 'A profile of the AWS configuration.'),
        region_name: optional('string', 'Region Name', 'The region to work in.'),
      },
      block_type_slug: 'aws-credentials',
      block_schema_references: {},
    },
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
    ...placeholders(
      'command',
      'env',
      'labels',
      'name',
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
    task_definition: {
      containerDefinitions: [{ image: '{{ image }}', name: '{{ container_name }}' }],
      cpu: '{{ cpu }}',
      executionRoleArn: '{{ execution_role_arn }}',
      family: '{{ family }}',
      memory: '{{ memory }}',
    },
    task_run_request: {
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
    },
  },
});

function placeholders(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `{{ ${name} }}`]));
}
