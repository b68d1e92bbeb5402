import { itIsTheSameAsTheReference } from './parity.ts';

itIsTheSameAsTheReference({
  served: [
    'a process serves runs',
    'a served run is cancelled from the command line',
    'a served run is suspended and resumed',
    'a run that nobody takes is late',
    'schedules are planned',
    'schedules from the command line',
  ],
  worked: ['a worker runs deployments', 'queues and pools are limited and paused', 'a folder is deployed by its prefect yaml'],
  commands: ['flows and runs', 'deployments', 'pools and queues', 'the server and the client'],
});
