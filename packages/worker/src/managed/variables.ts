import { defineVariables } from '../job-template/base-job-template.ts';

/** What users set for runs that the server starts on its own machine (contract 12). */
export const managedVariables = defineVariables({
  properties: {
    image: {
      anyOf: [{ type: 'string' }, { type: 'null' }],
      default: null,
      title: 'Image',
      description: 'The image of the container: an official one.',
    },
    pip_packages: {
      type: 'array',
      items: { type: 'string' },
      title: 'Pip Packages',
      description: 'Python packages to install before a run starts.',
    },
  },
});
