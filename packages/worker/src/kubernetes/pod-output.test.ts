import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KubernetesApi, kubernetesApi, refuse } from '../../test/kubernetes-api.ts';
import { clusters } from './cluster.ts';
import { followOutput, readLastLines } from './pod-output.ts';

const client = await import('@kubernetes/client-node');
const LOG = 'GET /api/v1/namespaces/default/pods/p/log';
const pod = { namespace: 'default', name: 'p' };

let api: KubernetesApi;
beforeEach(async () => {
  api = await kubernetesApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const cluster = () => clusters(client, {})(api.config);

describe('the output of a pod', () => {
  test('comes whole and once although the connection breaks and the streams are not in order', async () => {
    let isOver = false;
    const asked: (string | null)[] = [];
    api.on(LOG, ({ query, response }) => {
      asked.push(query.get('sinceTime'));
      response.write('2026-01-01T00:00:01.200000000+01:00 second\n2026-01-01T00:00:01.100000000+01:00 first\n');
      if (asked.length === 1) return void setImmediate(() => response.destroy());
      isOver = true;
      response.end('2026-01-01T00:00:02.300000000+01:00 größer\n2026-01-01T00:00:02.400000000+01:00 no end');
    });
    const lines: string[] = [];
    await followOutput(cluster(), pod, (line) => lines.push(line), { ended: () => isOver, signal: AbortSignal.timeout(10_000) });
    expect(lines).toEqual(['second', 'first', 'größer', 'no end']);
    expect(asked.slice(0, 2)).toEqual([null, '2026-01-01T00:00:01+01:00']);
  });

  test('ends with its pod', async () => {
    api.on(LOG, ({ response }) => refuse(response, 404, 'NotFound'));
    const options = { ended: () => false, signal: AbortSignal.timeout(10_000) };
    const lines: string[] = [];
    await followOutput(cluster(), pod, (line) => lines.push(line), options);
    expect(lines).toEqual([]);
  });

  test('can be had from its end, and is nothing where nobody keeps it', async () => {
    api.on(LOG, ({ query, response }) => response.end(`2026-01-01T00:00:01Z of ${query.get('tailLines')}\n`) && undefined);
    expect(await readLastLines(cluster(), pod, 5)).toEqual(['of 5']);
    api.on(LOG, ({ response }) => refuse(response, 400, 'BadRequest'));
    expect(await readLastLines(cluster(), pod, 5)).toEqual([]);
  });
});
