import { defineVariables } from '../job-template/base-job-template.ts';

/** What users set for runs that are processes of the worker's own machine (contract 11.1). */
export const processVariables = defineVariables({
  properties: {
    stream_output: {
      type: 'boolean',
      default: true,
      title: 'Stream Output',
      description: "Whether the output of runs shows in the worker's terminal.",
    },
    working_dir: {
      anyOf: [{ type: 'string', format: 'path' }, { type: 'null' }],
      default: null,
      title: 'Working Directory',
      description: 'Folder to execute runs in. A temporary one is made for each run when there is none.',
    },
  },
});
