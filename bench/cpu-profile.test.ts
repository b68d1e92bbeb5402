import { expect, test } from 'vitest';
import { groupByFile, inclusiveTimes } from './cpu-profile.ts';

const frame = (id: number, functionName: string, url: string, lineNumber = 0) => ({
  id,
  callFrame: { functionName, url, lineNumber },
});

const profile = {
  nodes: [
    frame(1, '(root)', ''),
    frame(2, '(idle)', ''),
    frame(3, '(garbage collector)', ''),
    frame(4, 'write', 'file:///app/storage.ts', 9),
    frame(5, '', 'file:///app/storage.ts', 19),
    frame(6, 'write', 'file:///app/storage.ts', 9), // the same function, called from elsewhere
    frame(7, 'parse', 'file:///app/api.ts', 0),
  ],
  samples: [1, 2, 3, 4, 5, 6, 7],
  timeDeltas: [1000, 50_000, 2000, 3000, 1000, 4000, 9000],
};

test('own time is grouped by file and function, the costliest first, without idle time', () => {
  const files = groupByFile([profile], (url) => url.replace('file:///app/', ''));
  expect(files).toEqual([
    { where: 'api.ts', millis: 9, functions: [{ where: 'parse:1', millis: 9 }] },
    {
      where: 'storage.ts',
      millis: 8,
      functions: [
        { where: 'write:10', millis: 7 },
        { where: '(anonymous):20', millis: 1 },
      ],
    },
    { where: '(engine and native code)', millis: 2, functions: [{ where: '(garbage collector)', millis: 2 }] },
  ]);
});

test('profiles of several threads add up', () => {
  const [file] = groupByFile([profile, profile], (url) => url);
  expect(file).toMatchObject({ where: 'file:///app/api.ts', millis: 18 });
});

test('the time of a function with what it calls counts each sample once, however deep it calls itself', () => {
  const nodes = [
    { ...frame(1, '(root)', ''), children: [2] },
    { ...frame(2, 'handle', 'api.ts'), children: [3, 5] },
    { ...frame(3, 'walk', 'tree.ts'), children: [4] },
    frame(4, 'walk', 'tree.ts'),
    frame(5, 'parse', ''),
  ];
  const times = inclusiveTimes(
    [{ nodes, samples: [2, 3, 4, 5], timeDeltas: [1000, 2000, 4000, 8000] }],
    ({ functionName, url }) => (url === '' ? undefined : functionName),
  );
  expect(times).toEqual([
    { where: 'handle', millis: 15 },
    { where: 'walk', millis: 6 },
  ]);
});
