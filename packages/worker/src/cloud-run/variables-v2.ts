import { API_SECRET_VARIABLES, GOOGLE_DEFINITIONS, SECRET_KEY_SELECTOR } from '../google/variables.ts';
import { defineVariables } from '../job-template/base-job-template.ts';
import {
  COMMON_NAMES,
  definition,
  flag,
  integer,
  optional,
  placeholdersFor,
  text,
  texts,
  titled,
} from '../job-template/variable-schemas.ts';

const LAUNCH_STAGES = [
  'ALPHA',
  'BETA',
  'GA',
  'DEPRECATED',
  'EARLY_ACCESS',
  'PRELAUNCH',
  'UNIMPLEMENTED',
  'LAUNCH_TAG_UNSPECIFIED',
];

const jobBody = {
  client: 'prefect',
  launchStage: '{{ launch_stage }}',
  template: {
    template: {
      containers: [
        {
          args: '{{ args }}',
          command: '{{ command }}',
          env: [],
          image: '{{ image }}',
          resources: { limits: { cpu: '{{ cpu }}', memory: '{{ memory }}' } },
        },
      ],
      maxRetries: '{{ max_retries }}',
      serviceAccount: '{{ service_account_name }}',
      timeout: '{{ timeout }}',
      vpcAccess: { connector: '{{ vpc_connector_name }}' },
    },
  },
};

/** What users set for runs that are jobs of Cloud Run, and where it goes (contract 11.6). */
export const cloudRunV2Variables = defineVariables({
  properties: titled({
    credentials: definition('GcpCredentials', 'How to sign requests to Google Cloud.', { title: 'GCP Credentials' }),
    region: text('The region to run in.', { default: 'us-central1' }),
    image: text('The image of the container.', { title: 'Image Name', default: 'prefecthq/prefect:3-latest' }),
    args: texts('Arguments of the command.'),
    env_from_secrets: {
      type: 'object',
      additionalProperties: { $ref: '#/definitions/SecretKeySelector' },
      title: 'Environment Variables from Secrets',
      description: 'Environment variables whose values are secrets.',
    },
    ...API_SECRET_VARIABLES,
    cloudsql_instances: texts('Cloud SQL instances to connect, each as project:region:instance.', {
      title: 'Cloud SQL Instances',
    }),
    keep_job: flag('Keep the job when the run has ended.', false, { title: 'Keep Job After Completion' }),
    launch_stage: { enum: LAUNCH_STAGES, type: 'string', description: 'The launch stage of the job.', default: 'BETA' },
    max_retries: integer('How often Cloud Run may start a failed task again.', { default: 0 }),
    cpu: text('The CPU of a run in thousandths: 1000m is one CPU.', {
      title: 'CPU',
      pattern: '^(\\d*000)m$',
      default: '1000m',
    }),
    memory: text('The memory of a run with its unit, such as 512Mi.', { pattern: '^\\d+(?:G|Gi|M|Mi)$', default: '512Mi' }),
    timeout: integer('The most seconds that a run may take.', {
      title: 'Job Timeout',
      exclusiveMinimum: 0,
      maximum: 604_800,
      default: 600,
    }),
    vpc_connector_name: optional(text('The connector to a network.', { title: 'VPC Connector Name' })),
    service_account_name: optional(text('The service account that the run acts as.')),
  }),
  definitions: { ...GOOGLE_DEFINITIONS, SecretKeySelector: SECRET_KEY_SELECTOR },
  jobConfiguration: {
    ...placeholdersFor(
      ...COMMON_NAMES,
      'credentials',
      'cloudsql_instances',
      'env_from_secrets',
      'keep_job',
      'prefect_api_auth_string_secret',
      'prefect_api_key_secret',
      'region',
      'timeout',
    ),
    job_body: jobBody,
  },
});
