import type { ContainerInspectInfo } from 'dockerode';
import { expect, test } from 'vitest';
import { containerEnd } from './container-end.ts';

const ended = (state: object, host: object = {}) =>
  containerEnd({ State: { ExitCode: 0, OOMKilled: false, Error: '', ...state }, HostConfig: host } as ContainerInspectInfo);

test.each([
  ['a container that ended by itself', ended({ ExitCode: 3 }), { exitCode: 3 }],
  [
    'one over its limit of memory',
    ended({ ExitCode: 137, OOMKilled: true }, { Memory: 1024 ** 3 }),
    { exitCode: 137, reason: 'the container was ended because it used more memory than its limit of 1g' },
  ],
  [
    'one on a machine without memory left',
    ended({ ExitCode: 137, OOMKilled: true }),
    { exitCode: 137, reason: 'the container was ended because its machine ran out of memory' },
  ],
  [
    'one that the engine could not go on with',
    ended({ ExitCode: 128, Error: 'no space left' }),
    { exitCode: 128, reason: 'no space left' },
  ],
  ['one that is well in spite of a message', ended({ Error: 'late' }), { exitCode: 0 }],
])('%s', (_what, end, expected) => {
  expect(end).toEqual(expected);
});
