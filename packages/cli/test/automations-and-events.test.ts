import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact, Automation, ReceivedEvent } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPlaceWithServer, callApi, outcomeOf, type Place, printed } from './run-prefect.ts';

let place: Place;
let says: Place['says'];
beforeAll(async () => {
  place = await aPlaceWithServer();
  says = place.says;
});
afterAll(() => place.remove());

function write(file: string, content: string): string {
  writeFileSync(join(place.home, file), content);
  return file;
}

describe('automations', () => {
  const TWO = `
automations:
  - name: on-paid
    trigger: { type: event, posture: Reactive, expect: [acme.invoice.paid], threshold: 1, within: 0 }
    actions: [{ type: do-nothing }]
  - name: on-late
    description: kept
    trigger: { type: event, posture: Proactive, expect: [acme.invoice.paid], threshold: 1, within: 60 }
    actions: [{ type: do-nothing }]
`;

  test('are made from a file, listed, switched, changed and deleted', async () => {
    expect(await says('automation', 'create', '--from-file', write('two.yaml', TWO))).toMatch(
      /^Created automation 'on-paid' with id \S+\.\nCreated automation 'on-late' with id \S+\.\n$/,
    );
    expect(await says('automations', 'ls')).toMatch(/^on-paid +\S+ +Yes +Reactive: acme\.invoice\.paid +do-nothing$/m);
    expect(await says('automation', 'pause', 'on-late')).toMatch(/^Disabled automation 'on-late'/);
    const [late] = await place.json<Automation[]>('automation', 'inspect', 'on-late');
    expect(late).toMatchObject({ name: 'on-late', enabled: false });
    const id = late?.id ?? '';
    const changes = write('changes.json', '{"name": "on-later", "tags": ["x"]}');
    expect(await says('automation', 'update', '--id', id, '--from-file', changes)).toBe(
      `Updated automation 'on-later' (${id}).\n`,
    );
    expect(JSON.parse(await says('automation', 'inspect', '--id', id, '--json'))).toMatchObject({
      name: 'on-later',
      description: 'kept',
      tags: ['x'],
      enabled: false,
      trigger: { posture: 'Proactive', within: 60 },
    });
    expect(await says('automation', 'resume', '--id', id)).toMatch(/^Enabled automation 'on-later'/);
    expect(await says('automation', 'delete', '--id', id)).toBe(`Deleted automation 'on-later' (${id}).\n`);
    expect(await says('automation', 'delete', '--all')).toBe('Deleted 1 automation.\n');
  });

  test('of the same name are told apart by their ids', async () => {
    const one =
      '{"name": "twin", "trigger": {"type": "event", "posture": "Reactive", "expect": ["a"]}, "actions": [{"type": "do-nothing"}]}';
    expect(await says('automation', 'create', '--from-json', `[${one}, ${one}]`)).toMatch(/^(Created .*\n){2}$/);
    expect(await says('automation', 'delete', 'twin')).toMatch(
      /^1: Several automations are named 'twin'\.\n {2}Choose one by --id: \S+, \S+\n$/,
    );
    expect(await says('automation', 'disable', '--name', 'twin')).toMatch(/^(Disabled automation 'twin'.*\n){2}$/);
  });

  test.each([
    ['nothing to make them from', ['create'], '2: Give one of: --from-file, --from-json.'],
    ['text that is no JSON', ['create', '--from-json', '{'], '1: --from-json is not valid JSON'],
    ['a file that is not there', ['create', '-f', 'nope.yaml'], '1: nope.yaml could not be read'],
    ['a file of another kind', ['create', '-f', 'x.toml'], '1: x.toml could not be read'],
    ['an empty list', ['create', '-j', '[]'], '1: --from-json must hold an automation'],
    ['missing parts', ['create', '-j', '{"name": "x"}'], "1: The automation 'x' lacks: trigger, actions."],
    [
      'a trigger the server does not know',
      ['create', '-j', '{"name":"x","trigger":{"type":"odd"},"actions":[]}'],
      '1: trigger.type: "odd" is none of event, ',
    ],
    ['neither name nor id', ['pause'], '2: Give the name of an automation, or --id.'],
    ['an unknown name', ['inspect', 'nope'], "1: Automation 'nope' not found."],
    ['an unknown id', ['update', '--id', '00000000-0000-4000-8000-000000000000', '-j', '{"name":"x"}'], '1: Automation with id'],
  ])('are refused with %s', async (_, args, said) => {
    expect((await says('automation', ...args)).slice(0, said.length)).toBe(said);
  });
});

describe('events', () => {
  const customer = '{"prefect.resource.id": "acme.customer.1", "prefect.resource.role": "customer"}';

  test('are sent and seen as they happen', async () => {
    const stream = place.start('event', 'stream', '--run-once');
    const ended = outcomeOf(stream);
    await listening(stream);
    const sent = await says(
      'event',
      'emit',
      'acme.paid',
      '--resource-id',
      'acme.1',
      '-r',
      'kind=big',
      '--related',
      customer,
      '-p',
      '{"a": 1}',
    );
    expect(sent).toMatch(/^Successfully emitted event 'acme\.paid' with ID \S+\n$/);
    const { code, stdout } = await ended;
    const event: ReceivedEvent = JSON.parse(stdout);
    expect([code, event]).toMatchObject([
      0,
      {
        id: sent.trim().split(' ').at(-1),
        event: 'acme.paid',
        resource: { 'prefect.resource.id': 'acme.1', kind: 'big' },
        related: [JSON.parse(customer)],
        payload: { a: 1 },
      },
    ]);
  });

  test('are written to a file until the command is told to end', async () => {
    const stream = place.start('event', 'stream', '--format', 'text', '--output-file', 'events.txt');
    const ended = outcomeOf(stream);
    await listening(stream);
    await says('event', 'emit', 'acme.filed', '--resource-id', 'acme.2');
    const file = join(place.home, 'events.txt');
    while (!readFileSync(file, 'utf8').includes('acme.filed')) await new Promise((resolve) => setImmediate(resolve));
    stream.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, stdout: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^\S+ \S+ \S+ {2}acme\.filed {2}acme\.2\n$/m);
  });

  test('need something that they happened to', async () => {
    expect(await says('event', 'emit', 'x')).toMatch(/^2: An event happens to something/);
    expect(await says('event', 'emit', 'x', '--resource', 'no-equals')).toMatch(/^2: --resource 'no-equals' is not of the form/);
    expect(await says('event', 'emit', 'x', '--resource-id', 'a', '--related', '{"b": "c"}')).toMatch(/^2: --related needs/);
    expect(await says('event', 'emit', 'x', '--resource-id', 'a', '--payload', '[]')).toMatch(
      /^2: --payload must be a JSON object/,
    );
    expect(await says('event', 'stream', '--format', 'xml')).toMatch(/^2: /);
    expect(await says('event', 'stream', '--output-file', 'no/such/folder/x')).toMatch(
      /^1: no\/such\/folder\/x cannot be written/,
    );
  });
});

test('artifacts are listed with their latest version, shown with all, and deleted', async () => {
  for (const data of ['first', 'second']) await callApi(place, 'POST', '/artifacts/', { key: 'report', type: 'markdown', data });
  const loose = await callApi<Artifact>(place, 'POST', '/artifacts/', { type: 'markdown', data: 'no key' });
  expect(await place.json('artifact', 'ls')).toMatchObject([{ key: 'report', data: 'second' }]);
  expect(await says('artifacts', 'ls', '--all')).toMatch(/(report +markdown.*\n.*){2}/);
  const versions = await place.json<Artifact[]>('artifact', 'inspect', 'report');
  expect(versions.map(({ data }) => data)).toEqual(['second', 'first']);
  expect(await says('artifact', 'delete', '--id', loose.id)).toBe(`Deleted artifact with id '${loose.id}'.\n`);
  expect(await says('artifact', 'delete', '--key', 'report')).toBe("Deleted 2 versions of artifact 'report'.\n");
  expect(await says('artifact', 'delete', 'report')).toContain("1: Artifact 'report' not found.\n");
  expect(await says('artifact', 'inspect', 'report')).toContain("1: Artifact 'report' not found.\n");
  expect(await says('artifact', 'delete', 'report', '--id', loose.id)).toMatch(/^2: Give one of/);
});

/** Waits until a stream says that it listens. */
function listening(stream: ReturnType<Place['start']>): Promise<string> {
  return printed(stream, /Listening/, 'stderr');
}
