import { connect } from 'node:net';
import { contract, type JsonSchema } from '@prefect-ts/protocol/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
beforeAll(async () => {
  // Automations act on what others do here.
  server = await startTestServer({ environment: { PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED: 'false' } });
});
afterAll(() => server.stop());

const TEXTS = ["'; DROP TABLE flow; --", '" OR 1=1 --', 'a\u0000b', '\ud800', '%_\\', '{{ 1/0 }}', 'é'.repeat(3000), ''];
const NUMBERS = [1e300, -1e300, 2 ** 53, -1, 0.5];
const OTHERS = [null, true, [], {}, [[]], { $ref: '#' }];

/** The least that a schema asks for. */
function least(schema: JsonSchema, depth = 0): unknown {
  const known = resolve(schema);
  if (known.const !== undefined) return known.const;
  if (known.enum) return known.enum[0];
  const [first] = known.anyOf ?? known.oneOf ?? [];
  if (first) return least(first, depth + 1);
  if (known.type === 'array') return [];
  if (known.type === 'string')
    return known.format === 'uuid' ? crypto.randomUUID() : known.format ? '2026-01-01T00:00:00Z' : 'text';
  if (known.type === 'integer' || known.type === 'number') return 1;
  if (known.type === 'boolean') return true;
  const required = (known.required ?? []).map((name) => [name, least(known.properties?.[name] ?? {}, depth + 1)]);
  return Object.fromEntries(required);
}

function resolve(schema: JsonSchema): JsonSchema {
  return schema.$ref ? resolve(contract.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
}

/** So many of them for each operation, evenly chosen: filters have thousands. */
const MOST_BODIES = 20;
let turn = 0;

/** Bodies that have each hostile value at each place of a schema, all else being as it should. */
function* hostile(schema: JsonSchema, depth = 0): Generator<unknown> {
  const known = resolve(schema);
  const choices = known.anyOf ?? known.oneOf;
  if (depth > 3) return;
  if (choices) for (const choice of choices) yield* hostile(choice, depth + 1);
  else if (known.properties) {
    const base = least(known) as object;
    for (const [name, property] of Object.entries(known.properties))
      for (const value of hostile(property, depth + 1)) yield { ...base, [name]: value };
  } else if (known.type === 'array' && known.items) for (const value of hostile(known.items, depth + 1)) yield [value];
  else {
    const values = known.type === 'integer' || known.type === 'number' ? NUMBERS : TEXTS;
    // Everywhere something, and everything somewhere: all of it everywhere would take minutes.
    if (depth < 2) yield* [...values, ...OTHERS];
    else {
      turn += 1;
      yield values[turn % values.length];
    }
  }
}

/** What would end, log out or wait, rather than store or find something. */
const LEFT_OUT = ['/admin/', '/csrf-token'];

const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(() => !LEFT_OUT.some((part) => path.includes(part)))
    .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

function addressOf(path: string, text: string): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    name === 'id' || name.endsWith('_id') ? crypto.randomUUID() : encodeURIComponent(text),
  );
}

describe('whatever stands in a body', () => {
  it.each(operations.filter(({ operation }) => operation.requestBody))(
    'of $method $path is understood or refused',
    async ({ method, path, operation }) => {
      const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? {};
      const failures: unknown[] = [];
      const all = [...hostile(schema)];
      const step = Math.ceil(all.length / MOST_BODIES);
      for (const body of all.filter((_, index) => index % step === 0)) {
        const { status, body: answer } = await server.request(method, addressOf(path, 'text'), body);
        if (status >= 500) failures.push({ status, answer, body });
      }
      expect(failures.slice(0, 5)).toEqual([]);
    },
  );

  it('of whatever depth is understood or refused', async () => {
    const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'deep' })).body.id;
    for (const depth of [500, 100_000]) {
      const bodies: [string, string][] = [
        ['/flows/', deep(depth)],
        ['/flows/', `{"name": "deep-${depth}", "labels": {"a": ${deep(depth)}}}`],
        ['/flow_runs/', `{"flow_id": "${flow}", "parameters": {"a": ${deep(depth)}}}`],
        ['/flow_runs/', `{"flow_id": "${flow}", "state": {"type": "COMPLETED", "data": ${deep(depth)}}}`],
        ['/variables/', `{"name": "deep_${depth}", "value": ${deep(depth)}}`],
        ['/work_pools/', `{"name": "deep-${depth}", "type": "process", "base_job_template": {"a": ${deep(depth)}}}`],
        ['/flow_runs/filter', `{"flow_runs": ${deep(depth)}}`],
        ['/ui/schemas/validate', `{"schema": {"properties": {"a": {"items": ${deep(depth)}}}}, "values": {"a": ${deep(depth)}}}`],
      ];
      for (const [path, body] of bodies) {
        const { status } = await server.request('POST', path, body);
        expect([path, depth, status < 500]).toEqual([path, depth, true]);
      }
    }
  });

  it('is refused when it is no text, no JSON, or no number', async () => {
    const post = async (body: string | Uint8Array) =>
      (await fetch(`${server.running.apiUrl}/flows/`, { method: 'POST', body: body as string })).status;
    expect(await post(Buffer.from('{"name": "\xff\xfe"}', 'latin1'))).toBe(422);
    for (const text of ['{"name": NaN}', '{"name": Infinity}', '{"name"', 'name=x', '{"name": "x"}}'])
      expect([text, await post(text)]).toEqual([text, 422]);
    const infinite = await server.request('POST', '/work_pools/', '{"name": "p", "type": "process", "concurrency_limit": 1e999}');
    expect(infinite.status).toBe(422);
  });
});

describe('whatever stands in an address', () => {
  it.each(operations.filter(({ path }) => path.includes('{')))(
    'of $method $path is understood or refused',
    async ({ method, path }) => {
      for (const text of TEXTS.filter((each) => each.length > 0 && each !== '\ud800')) {
        const { status } = await server.request(method, addressOf(path, text), method === 'GET' ? undefined : {});
        expect([text.slice(0, 40), status < 500]).toEqual([text.slice(0, 40), true]);
      }
    },
  );
});

describe('a client that begins a request and does not go on', () => {
  it('holds up nobody, and one that announces too much is told so', async () => {
    const { port } = new URL(server.running.url);
    const open = Array.from({ length: 50 }, () => connect(Number(port), '127.0.0.1'));
    try {
      for (const [index, socket] of open.entries()) {
        socket.on('error', () => undefined);
        socket.write(index % 2 === 0 ? 'POST /api/flows/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{' : 'GET /api/hea');
      }
      expect((await server.request('GET', '/health')).status).toBe(200);
      expect((await server.request('POST', '/flows/', { name: 'quick' })).status).toBe(201);
      const greedy = connect(Number(port), '127.0.0.1');
      open.push(greedy);
      greedy.write('POST /api/flows/ HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n{');
      const answer = await new Promise<string>((resolve) => greedy.once('data', (data) => resolve(String(data))));
      expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    } finally {
      for (const socket of open) socket.destroy();
    }
  });
});

describe('a schedule that never fires or never ends', () => {
  const schedules = [
    { cron: '0 0 31 2 *' },
    { cron: '0 0 30 2 1#5' },
    { cron: '* * * * * *' },
    { cron: '0 0 29 2 * 0 2099' },
    { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' },
    { rrule: 'FREQ=SECONDLY' },
    { rrule: 'DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;BYHOUR=25' },
    { rrule: 'DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30' },
    { rrule: 'DTSTART:00010101T000000\nRRULE:FREQ=MINUTELY;INTERVAL=1' },
    { rrule: 'FREQ=DAILY;INTERVAL=999999999' },
    { rrule: 'FREQ=DAILY;COUNT=0' },
    { rrule: `FREQ=DAILY;BYSETPOS=${Array.from({ length: 300 }, (_, n) => n + 1).join()}` },
    { interval: 1e-6 },
    { interval: 1e15 },
    { interval: 1, anchor_date: '0001-01-01T00:00:00Z' },
  ];

  it.each(schedules)('is planned or refused soon, and holds up nobody: %j', async (schedule) => {
    const { body: flow } = await server.request<{ id: string }>('POST', '/flows/', { name: 'scheduled' });
    const name = JSON.stringify(schedule)
      .replaceAll(/[^a-z0-9]/gi, '-')
      .slice(0, 100);
    const begun = Date.now();
    const { status } = await server.request('POST', '/deployments/', { name, flow_id: flow.id, schedules: [{ schedule }] });
    expect(status).toBeLessThan(500);
    expect(Date.now() - begun).toBeLessThan(LONGEST_MILLIS);
  });
});

/** Long enough for a machine that is busy; a search without an end takes longer. */
const LONGEST_MILLIS = 3_000;

it('has harmed nothing', async () => {
  expect((await server.request('GET', '/health')).body).toBe(true);
  expect((await server.request<number>('POST', '/flows/count', {})).body).toBeGreaterThan(0);
  expect((await server.request('POST', '/flow_runs/filter', {})).status).toBe(200);
});
