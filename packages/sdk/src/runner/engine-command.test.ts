import { describe, expect, test } from 'vitest';
import { engineCommand, entrypointLanguage, findPython, PythonNotFoundError, splitEntrypoint } from './engine-command.ts';

describe('entrypointLanguage', () => {
  test.each([
    ['flows/etl.ts:etl', 'typescript'],
    ['flows/etl.mts:etl', 'typescript'],
    ['etl.js:default', 'typescript'],
    ['etl.tsx:etl', 'typescript'],
    ['@acme/flows/etl:etl', 'typescript'],
    ['C:\\flows\\etl.ts:etl', 'typescript'],
    ['flow.py:hello', 'python'],
    ['C:\\flows\\flow.py:hello', 'python'],
    ['my_project.flows.hello', 'python'],
  ])('%s is %s', (entrypoint, language) => {
    expect(entrypointLanguage(entrypoint)).toBe(language);
  });
});

describe('splitEntrypoint', () => {
  test.each([
    ['flows/etl.ts:etl', 'flows/etl.ts', 'etl'],
    ['C:\\etl.ts:a.b', 'C:\\etl.ts', 'a.b'],
    ['C:\\etl.ts', 'C:\\etl.ts', ''],
  ])('%s', (entrypoint, path, name) => {
    expect(splitEntrypoint(entrypoint)).toEqual({ path, name });
  });
});

describe('engineCommand', () => {
  test('runs TypeScript with the Node of this process', () => {
    expect(engineCommand('typescript').command).toBe(process.execPath);
  });

  test('runs Python with the one that is named', () => {
    const env = { PREFECT_PYTHON: '/venv/bin/python' };
    expect(engineCommand('python', env)).toEqual({
      command: '/venv/bin/python',
      args: ['-m', 'prefect.engine'],
      engine: 'python',
    });
  });

  test('says what to do where there is no Python', () => {
    expect(() => findPython({ PATH: '/nowhere' })).toThrow(PythonNotFoundError);
  });
});
