import {
  block,
  COMMON_NAMES,
  definition,
  flag,
  integer,
  list,
  optional,
  placeholdersFor,
  text,
  workerType,
} from '../worker-type.ts';

const VARIABLES = {
  credentials: definition('CoiledCredentials', 'How to sign requests to Coiled.', { title: 'Coiled Credentials' }),
  image: optional(text('The image of the container; not together with software.')),
  software: optional(text('A software environment kept by Coiled.')),
  region: optional(text('The region to run in.')),
  cpu: optional(integer('How many CPUs a run gets.', { title: 'CPU' })),
  memory: optional(text('How much memory a run gets with its unit, such as 16 GiB.')),
  vm_types: optional(list({ type: 'string' }, 'Types of machine to use, in place of CPU and memory.', { title: 'VM Types' })),
  arm: flag('Use machines with ARM processors.', { title: 'ARM', default: false }),
  threads_per_worker: optional(integer('How many threads run at a time on a machine.')),
};

export const COILED_PUSH = workerType({
  type: 'coiled:push',
  name: 'Coiled - Push',
  description: 'The server itself runs each flow run on machines that Coiled starts in your cloud account; no worker is needed.',
  logo: ['C', '#6741d9'],
  isBeta: true,
  variables: VARIABLES,
  required: ['credentials'],
  definitions: {
    CoiledCredentials: block(
      'CoiledCredentials',
      'coiled-credentials',
      'How to sign requests to Coiled.',
      { api_token: text('A token of the Coiled account.', { title: 'API Token', format: 'password', writeOnly: true }) },
      ['api_token'],
    ),
  },
  jobConfiguration: placeholdersFor(...COMMON_NAMES, ...Object.keys(VARIABLES)),
});
