import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Group, isGroup } from '../src/command.ts';
import { ENTRIES } from '../src/groups.ts';
import { runProgram } from '../src/program.ts';
import { createOutput } from '../src/terminal/output.ts';
import { aPlace, type Place } from './run-prefect.ts';

let place: Place;
beforeAll(() => {
  place = aPlace();
});
afterAll(() => place.remove());

test('version tells what it is, without a server', async () => {
  const { code, stdout } = await place.run('version');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Version: +\d+\.\d+\.\d+\n/);
  expect(stdout).toMatch(/^API version: +0\.8\.4$/m);
  expect((await place.run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe('help', () => {
  test('is one screen for every command', async () => {
    const words = (await Promise.all(ENTRIES.map(async ({ name, load }) => wordsOf([name], await load())))).flat();
    expect(words.length).toBeGreaterThan(60);
    const long: string[] = [];
    for (const args of words) {
      let shown = '';
      await runProgram([...args, '--help'], {
        ...createOutput(process.stdout, process.stderr),
        write: (text) => {
          shown += text;
        },
      });
      expect(shown).toContain(`Usage: prefect ${args[0]}`);
      if (shown.trimEnd().split('\n').length > 40) long.push(args.join(' '));
    }
    expect(long).toEqual([]);
  });

  test('lists every command, and is shown with exit code 2 when none is given', async () => {
    const { code, stderr } = await place.run();
    expect(code).toBe(2);
    for (const { name, summary } of ENTRIES) expect(stderr).toMatch(new RegExp(`^ +${name} +${summary.slice(0, 20)}`, 'm'));
  });
});

describe('wrong usage is told with exit code 2:', () => {
  test.each([
    ['an unknown command', ['work-pol', 'ls'], "unknown command 'work-pol'"],
    ['an unknown command of a group', ['work-pool', 'lss'], 'Did you mean ls?'],
    ['a command of Prefect that is not here', ['shell', 'watch', 'ls'], '`prefect shell` is not offered.'],
    ['one in a group', ['server', 'database', 'stamp', 'x'], '`prefect server database stamp` is not offered.'],
    ['an unknown option', ['work-pool', 'ls', '--nope'], "unknown option '--nope'"],
    ['a missing argument', ['work-pool', 'inspect'], "missing required argument 'name'"],
    ['an id that is none', ['flow-run', 'inspect', 'abc'], "'abc' is not an id"],
    ['a number that is none', ['flow-run', 'ls', '--limit', 'x'], "'x' is not a whole number"],
    ['a deployment without its flow', ['deployment', 'inspect', 'daily'], "Invalid deployment name 'daily'"],
  ])('%s', async (_, args, said) => {
    place.env.PREFECT_API_URL = 'http://127.0.0.1:9/api';
    const { code, stderr } = await place.run(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe('what stands in the way is one line, a hint and exit code 1:', () => {
  test.each([
    ['no API is set', '', /^No API is set: .*\n {2}Start a server .*\n$/],
    [
      'nobody answers',
      'http://127.0.0.1:9/api',
      /^Failed to reach API at http:\/\/127\.0\.0\.1:9\/api: .*\n {2}Start the server .*\n$/,
    ],
    ['the address is none', 'nonsense', /^PREFECT_API_URL is "nonsense", .*\n {2}Set it .*\n$/],
  ])('%s', async (_, apiUrl, said) => {
    place.env.PREFECT_API_URL = apiUrl;
    for (const args of [
      ['work-pool', 'ls'],
      ['work-pool', 'pause', 'p'],
    ]) {
      const { code, stderr, stdout } = await place.run(...args);
      expect([code, stderr, stdout]).toEqual([1, expect.stringMatching(said), '']);
    }
  });

  test('an unknown profile', async () => {
    const { code, stderr } = await place.run('--profile', 'nobody', 'config', 'view');
    expect([code, stderr]).toEqual([1, expect.stringContaining("Unknown profile 'nobody'.")]);
  });
});

const OLD_NODE = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path));

test.runIf(OLD_NODE)('any Node of the system starts it', async () => {
  const old = aPlace(OLD_NODE);
  try {
    const { code, stdout } = await old.run('version');
    expect(code).toBe(0);
    expect(Number(/Node version: +(\d+)/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(24);
    expect((await old.run('flow-run', 'inspect', 'abc')).code).toBe(2);
  } finally {
    old.remove();
  }
});

function wordsOf(path: string[], entry: Group | object): string[][] {
  if (!('commands' in entry) || !isGroup(entry)) return [path];
  return [path, ...Object.entries(entry.commands).flatMap(([name, child]) => wordsOf([...path, name], child))];
}
