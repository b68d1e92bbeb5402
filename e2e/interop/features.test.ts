import { itIsTheSameAsTheReference } from './parity.ts';

itIsTheSameAsTheReference({
  limits: [
    'threads wait for slots',
    'coroutines wait for slots',
    'a wait for slots ends',
    'limits that are not there',
    'inactive limits and limits of nothing',
    'rates are limited',
    'tasks with a tag wait for slots',
    'deployments let runs wait or cancel them',
    'limits are managed from the command line',
  ],
  background: ['a worker runs what others delay', 'tasks wait for their worker'],
  stored: [
    'artifacts of every kind',
    'variables',
    'blocks with secrets',
    'blocks as parameters',
    'what is kept from the command line',
  ],
  happenings: [
    'events are emitted and found',
    'events are subscribed to',
    'a run tells of its states',
    'automations act on events',
    'automations from the command line',
  ],
});
