import { API_SECRET_VARIABLES, GOOGLE_DEFINITIONS, optionalGcpCredentials, SECRET_KEY_SELECTOR } from '../google/variables.ts';
import { defineVariables } from '../job-template/base-job-template.ts';
import { COMMON_NAMES, flag, integer, optional, placeholdersFor, text, titled } from '../job-template/variable-schemas.ts';

const resources = { cpu: '{{ cpu }}', memory: '{{ memory }}' };

const jobBody = {
  apiVersion: 'run.googleapis.com/v1',
  kind: 'Job',
  metadata: { annotations: { 'run.googleapis.com/launch-stage': 'BETA' }, name: '{{ name }}' },
  spec: {
    template: {
      metadata: { annotations: { 'run.googleapis.com/vpc-access-connector': '{{ vpc_connector_name }}' } },
      spec: {
        template: {
          spec: {
            containers: [
              { command: '{{ command }}', image: '{{ image }}', resources: { limits: resources, requests: resources } },
            ],
            serviceAccountName: '{{ service_account_name }}',
            timeoutSeconds: '{{ timeout }}',
          },
        },
      },
    },
  },
};

/** What users set for runs that are jobs of Cloud Run by version 1 of its API, and where it goes (contract 11.5). */
export const cloudRunVariables = defineVariables({
  properties: titled({
    region: text('The region to run in.', { default: 'us-central1' }),
    credentials: optionalGcpCredentials,
    ...API_SECRET_VARIABLES,
    image: optional(text('The image of the container; an official one of this version unless set.', { title: 'Image Name' })),
    cpu: optional(text('The CPU of a run in thousandths: 1000m is one CPU.', { title: 'CPU', pattern: '^(\\d*000)m$' })),
    memory: optional(text('The memory of a run with its unit, such as 512Mi.', { pattern: '^\\d+(?:G|Gi|M|Mi)$' })),
    vpc_connector_name: optional(text('The connector to a network.', { title: 'VPC Connector Name' })),
    service_account_name: optional(text('The service account that the run acts as.')),
    keep_job: flag('Keep the job when the run has ended.', false, { title: 'Keep Job After Completion' }),
    timeout: integer('The most seconds that a run may take.', {
      title: 'Job Timeout',
      exclusiveMinimum: 0,
      maximum: 3600,
      default: 600,
    }),
  }),
  definitions: { ...GOOGLE_DEFINITIONS, SecretKeySelector: SECRET_KEY_SELECTOR },
  jobConfiguration: {
    ...placeholdersFor(
      ...COMMON_NAMES,
      'region',
      'credentials',
      'prefect_api_key_secret',
      'prefect_api_auth_string_secret',
      'keep_job',
      'timeout',
    ),
    job_body: jobBody,
  },
});
