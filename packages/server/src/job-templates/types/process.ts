import { COMMON_NAMES, flag, optional, placeholdersFor, text, workerType } from '../worker-type.ts';

export const PROCESS = workerType({
  type: 'process',
  name: 'Process',
  description: 'Runs each flow run as a process on the machine of the worker. The simplest to start with.',
  logo: ['P', '#2a5bd7'],
  variables: {
    stream_output: flag('Show what a run prints in the output of the worker.', { default: true }),
    working_dir: optional(
      text('The folder that runs start in; a temporary one for each run unless set.', {
        format: 'path',
        title: 'Working Directory',
      }),
    ),
  },
  jobConfiguration: placeholdersFor(...COMMON_NAMES, 'stream_output', 'working_dir'),
});
