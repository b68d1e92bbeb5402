import type { OperationName } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { OperationPaths } from './operation-paths.ts';

const paths = new OperationPaths([
  'GET /flows/{id}',
  'POST /flows/',
  'POST /flows/filter',
  'GET /flows/name/{name}',
  'GET /work_pools/{work_pool_name}/queues/{name}',
  'POST /work_pools/{work_pool_name}/queues/filter',
] as readonly string[] as OperationName[]);

describe('an operation is found by method and path', () => {
  it.each([
    ['POST', '/flows/', 'POST /flows/', {}],
    ['POST', '/flows/filter', 'POST /flows/filter', {}],
    ['GET', '/flows/17', 'GET /flows/{id}', { id: '17' }],
    ['GET', '/flows/filter', 'GET /flows/{id}', { id: 'filter' }],
    ['GET', '/flows/name/a%20b%2Fc', 'GET /flows/name/{name}', { name: 'a b/c' }],
    ['GET', '/work_pools/p/queues/q', 'GET /work_pools/{work_pool_name}/queues/{name}', { work_pool_name: 'p', name: 'q' }],
    [
      'GET',
      '/work_pools/p/queues/filter',
      'GET /work_pools/{work_pool_name}/queues/{name}',
      { work_pool_name: 'p', name: 'filter' },
    ],
    ['POST', '/work_pools/p/queues/filter', 'POST /work_pools/{work_pool_name}/queues/filter', { work_pool_name: 'p' }],
  ])('%s %s', (method, path, name, parameters) => {
    expect(paths.match(method, path)).toEqual({ name, parameters });
  });

  it.each([
    ['GET', '/flows/'],
    ['GET', '/flows'],
    ['DELETE', '/flows/17'],
    ['GET', '/flows/17/more'],
    ['GET', '/flows/%E0%A4%A'],
    ['GET', ''],
    ['GET', '//flows/17'],
  ])('and nothing else: %s %s', (method, path) => {
    expect(paths.match(method, path)).toBeUndefined();
  });
});
