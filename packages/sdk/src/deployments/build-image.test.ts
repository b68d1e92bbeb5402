import { expect, test } from 'vitest';
import { loadSettings } from '../settings/index.ts';
import { imageReference } from './build-image.ts';

const settings = loadSettings({ env: { PREFECT_DEPLOYMENTS_DEFAULT_DOCKER_BUILD_NAMESPACE: 'acme', PREFECT_HOME: '/nowhere' } });
const now = new Date('2026-01-02T03:04:05.678Z');

test.each([
  ['ghcr.io/acme/etl:1', 'ghcr.io/acme/etl:1'],
  [{ name: 'etl', tag: '1' }, 'acme/etl:1'],
  [{ name: 'ghcr.io/me/etl', tag: '1' }, 'ghcr.io/me/etl:1'],
  [{ name: 'etl' }, 'acme/etl:2026-01-02-03-04-05-678'],
])('the image %o is called %s', (image, expected) => {
  expect(imageReference(image, settings, now)).toBe(expected);
});
