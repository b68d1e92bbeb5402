import { GOOGLE_DEFINITIONS, optionalGcpCredentials } from '../google/variables.ts';
import { defineVariables } from '../job-template/base-job-template.ts';
import {
  COMMON_NAMES,
  flag,
  integer,
  number,
  optional,
  placeholdersFor,
  text,
  texts,
  titled,
} from '../job-template/variable-schemas.ts';

const jobSpec = {
  ...placeholdersFor(
    'enable_dashboard_access',
    'enable_web_access',
    'maximum_run_time_hours',
    'network',
    'reserved_ip_ranges',
    'scheduling',
    'service_account_name',
  ),
  worker_pool_specs: [
    {
      container_spec: { args: [], command: '{{ command }}', image_uri: '{{ image }}' },
      disk_spec: placeholdersFor('boot_disk_size_gb', 'boot_disk_type'),
      machine_spec: placeholdersFor('accelerator_count', 'accelerator_type', 'machine_type'),
      replica_count: 1,
    },
  ],
};

/** What users set for runs that are custom jobs of Vertex AI, and where it goes (contract 11.7). */
export const vertexAiVariables = defineVariables({
  properties: titled({
    region: text('The region to run in.'),
    image: text('The image of the container.', { title: 'Image Name' }),
    credentials: optionalGcpCredentials,
    machine_type: text('The type of machine.', { default: 'n1-standard-4' }),
    accelerator_type: optional(text('The type of accelerator.')),
    accelerator_count: optional(integer('How many accelerators.')),
    boot_disk_type: text('The type of boot disk.', { default: 'pd-ssd' }),
    boot_disk_size_gb: integer('The size of the boot disk in GB.', { title: 'Boot Disk Size (GB)', default: 100 }),
    maximum_run_time_hours: integer('The most hours that a run may take.', { title: 'Maximum Run Time (Hours)', default: 1 }),
    network: optional(text('The network to connect to.')),
    reserved_ip_ranges: optional(texts('Reserved ranges of the network to use.', { title: 'Reserved IP Ranges' })),
    scheduling: optional({ type: 'object', description: 'Scheduling options of the job.' }),
    service_account_name: optional(text('The service account that the run acts as; that of the credentials unless set.')),
    enable_web_access: flag('Allow a shell into the container.', false),
    enable_dashboard_access: flag('Allow access to the dashboard of the job.', false),
    job_watch_poll_interval: number('How many seconds between looks at the job.', { default: 5 }),
  }),
  required: ['region', 'image'],
  definitions: GOOGLE_DEFINITIONS,
  jobConfiguration: {
    ...placeholdersFor(...COMMON_NAMES, 'region', 'credentials', 'job_watch_poll_interval'),
    job_spec: jobSpec,
  },
});
