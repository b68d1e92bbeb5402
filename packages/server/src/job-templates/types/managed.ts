import { COMMON_NAMES, list, optional, placeholdersFor, text, workerType } from '../worker-type.ts';

const VARIABLES = {
  image: optional(text('The image of the container: an official one.')),
  pip_packages: list({ type: 'string' }, 'Python packages to install before a run starts.'),
};

export const MANAGED = workerType({
  type: 'prefect:managed',
  name: 'Managed',
  description: 'The server itself runs each flow run in a container on infrastructure of its operator; nothing to set up.',
  logo: ['M', '#2a5bd7'],
  variables: VARIABLES,
  jobConfiguration: placeholdersFor(...COMMON_NAMES, ...Object.keys(VARIABLES)),
});
