import { expect, test } from 'vitest';
import { loadPlatformClient, MissingPlatformClientError } from './platform-client.ts';

const NAME = 'no-such-platform-client';

test('the library of a platform that is not installed is named with the command that installs it', async () => {
  const load = loadPlatformClient('nomad', NAME, () => import(/* @vite-ignore */ NAME));
  await expect(load).rejects.toThrow(MissingPlatformClientError);
  await expect(load).rejects.toThrow(
    "A worker of type 'nomad' needs the package 'no-such-platform-client', which is not installed. Install it with `npm install no-such-platform-client`.",
  );
});

test('another failure of a library shows as it is', async () => {
  const broken = new SyntaxError('unexpected token');
  await expect(loadPlatformClient('nomad', NAME, () => Promise.reject(broken))).rejects.toBe(broken);
});

test('a library that is there is given as it is', async () => {
  expect(await loadPlatformClient('nomad', NAME, async () => 'module')).toBe('module');
});
