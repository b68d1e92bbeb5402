import type { Artifact, ArtifactCollection } from '@prefect-ts/protocol';
import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blocksAndVariables } from '../src/storage/migrations/0002-blocks-and-variables.ts';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let key: string;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  serial += 1;
  key = `key-${serial}`;
});

async function create(body: object = {}) {
  const { body: artifact } = await server.request<Artifact>('POST', '/artifacts/', { key, type: 'markdown', ...body });
  return artifact;
}

const latest = async () => (await server.request<Artifact>('GET', `/artifacts/${key}/latest`)).body;

async function collection(filter: object = { key: { any_: [key] } }) {
  const { body } = await server.request<ArtifactCollection[]>('POST', '/artifacts/latest/filter', { artifacts: filter });
  return body;
}

describe('an artifact', () => {
  it('is kept as it was sent', async () => {
    const sent = { key, type: 'table', data: '[{"a":1}]', description: 'of today', metadata_: { owner: 'me' } };
    const { status, body } = await server.request<Artifact>('POST', '/artifacts/', sent);
    expect(status).toBe(201);
    expectContract('POST /artifacts/', body);
    expect(body).toMatchObject({ ...sent, flow_run_id: null, task_run_id: null });
    expect((await server.request('GET', `/artifacts/${body.id}`)).body).toEqual(body);
  });

  it('has a key that addresses can carry', async () => {
    const { status, body } = await server.request('POST', '/artifacts/', { key: 'Not this' });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      exception_detail: [
        { loc: ['body', 'key'], msg: 'Value error, Artifact key must only contain lowercase letters, numbers, and dashes.' },
      ],
    });
  });

  it('keeps the first 500 characters of long metadata', async () => {
    const artifact = await create({ metadata_: { short: 'x'.repeat(500), long: 'x'.repeat(501) } });
    expect(artifact.metadata_).toEqual({ short: 'x'.repeat(500), long: `${'x'.repeat(500)}...` });
  });

  it.each([
    ['GET', '/artifacts/00000000-0000-4000-8000-000000000000'],
    ['PATCH', '/artifacts/00000000-0000-4000-8000-000000000000'],
    ['DELETE', '/artifacts/00000000-0000-4000-8000-000000000000'],
    ['GET', '/artifacts/nobody/latest'],
  ])('that is not there answers %s %s with 404', async (method, path) => {
    const answer = await server.request(method, path, method === 'PATCH' ? {} : undefined);
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Artifact not found.' } });
  });
});

describe('the collection of a key', () => {
  it('shows the newest artifact whole, under an id of its own', async () => {
    const first = await create({ description: 'first', metadata_: { a: 'b' }, data: 1 });
    const before = await latest();
    const second = await create({ data: 2 });
    const [row] = await collection();
    expectContract('POST /artifacts/latest/filter', [row]);
    expect(row).toMatchObject({ key, latest_id: second.id, data: 2, description: null, metadata_: null, created: first.created });
    const shown = await latest();
    expect(shown).toMatchObject({ id: row?.id, created: first.created, updated: second.updated, data: 2 });
    expect(shown.id).toBe(before.id);
    expect(shown).not.toHaveProperty('latest_id');
  });

  it('does not exist for artifacts without a key', async () => {
    const { id } = await create({ key: null });
    expect(await collection({ latest_id: { any_: [id] } })).toEqual([]);
  });

  it('follows changes of its latest artifact, and of no other', async () => {
    const old = await create({ data: 1 });
    const newest = await create({ data: 2 });
    await server.request('PATCH', `/artifacts/${old.id}`, { data: 10 });
    expect(await latest()).toMatchObject({ data: 2 });
    await server.request('PATCH', `/artifacts/${newest.id}`, { data: 20, description: 'changed' });
    expect(await latest()).toMatchObject({ data: 20, description: 'changed' });
    expect((await server.request('GET', `/artifacts/${newest.id}`)).body).toMatchObject({ data: 20, type: 'markdown' });
  });

  it('falls back to the next newest when the latest is deleted, and goes with the last', async () => {
    const old = await create({ data: 1 });
    const newest = await create({ data: 2 });
    expect((await server.request('DELETE', `/artifacts/${newest.id}`)).status).toBe(204);
    const [row] = await collection();
    expect(row).toMatchObject({ latest_id: old.id, data: 1, created: old.created, updated: old.updated });
    await server.request('DELETE', `/artifacts/${old.id}`);
    expect(await collection()).toEqual([]);
  });

  it('stays when an older artifact is deleted', async () => {
    const old = await create();
    const newest = await create();
    await server.request('DELETE', `/artifacts/${old.id}`);
    expect(await collection()).toMatchObject([{ latest_id: newest.id }]);
  });

  it('tells of its life in events', async () => {
    const first = await create({ data: 1 });
    const { id } = await latest();
    const second = await create({ data: 2 });
    await server.request('DELETE', `/artifacts/${second.id}`);
    await server.request('DELETE', `/artifacts/${first.id}`);
    const events = await recordedEvents(server, `prefect.artifact-collection.${id}`);
    expect(events.map(({ event, payload }) => [event, (payload as { data: unknown }).data])).toEqual([
      ['prefect.artifact-collection.created', 1],
      ['prefect.artifact-collection.updated', 2],
      ['prefect.artifact-collection.updated', 1],
      ['prefect.artifact-collection.deleted', 1],
    ]);
    expect(events[0]?.related).toEqual([
      { 'prefect.resource.id': `prefect.artifact.${first.id}`, 'prefect.resource.role': 'latest' },
    ]);
  });

  it('is found by what its latest artifact belongs to', async () => {
    const { body: flow } = await server.request<{ id: string }>('POST', '/flows/', { name: `flow-of-${key}` });
    const { body: run } = await server.request<{ id: string }>('POST', '/flow_runs/', { flow_id: flow.id, tags: [key] });
    const artifact = await create({ flow_run_id: run.id, type: 'progress' });
    const keys = async (body: object) =>
      (await server.request<ArtifactCollection[]>('POST', '/artifacts/latest/filter', body)).body.map((row) => row.key);
    expect(await keys({ flow_runs: { tags: { all_: [key] } } })).toEqual([key]);
    expect(await keys({ flows: { id: { any_: [flow.id] } } })).toEqual([key]);
    expect(await keys({ artifacts: { flow_run_id: { any_: [run.id] } } })).toEqual([key]);
    expect(await keys({ artifacts: { latest_id: { any_: [artifact.id] }, type: { not_any_: ['progress'] } } })).toEqual([]);
    const { body: count } = await server.request('POST', '/artifacts/latest/count', {
      artifacts: { key: { like_: key.toUpperCase() }, type: { any_: ['progress'] } },
    });
    expect(count).toBe(1);
  });

  it('is made for keys that were in use before there were collections', async () => {
    await create({ data: 1 });
    const newest = await create({ data: { b: 2 }, description: 'newest' });
    const { core } = server.running;
    const fill = blocksAndVariables.statements(core.storage.dialect.types, core.storage.dialect.name).at(-1) ?? '';
    await core.write(async (unit) => {
      await unit.run(unit.db.deleteFrom('artifact_collection'));
      await unit.run({ compile: () => CompiledQuery.raw(fill) });
    });
    const rows = await collection();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ key, latest_id: newest.id, data: { b: 2 }, description: 'newest' });
  });
});
