import { describe, expect, test } from 'vitest';
import { exitStatus, explainExitStatus, processCrashMessage } from './exit-status.ts';

describe('exit status', () => {
  test.each([
    [0, null, 0],
    [3, null, 3],
    [null, 'SIGKILL', -9],
    [null, 'SIGTERM', -15],
  ] as const)('code %s and signal %s count as %s', (code, signal, status) => {
    expect(exitStatus(code, signal)).toBe(status);
  });

  test('a code without a meaning gets the fixed sentence', () => {
    expect(processCrashMessage(3)).toBe('Process exited with status code: 3. Process exited with an unexpected status code.');
  });

  test.each([-9, -15, 1, 125, 126, 127, 137, 143, 247, 0xc000013a])('code %s is explained', (status) => {
    expect(explainExitStatus(status)).not.toMatch(/unexpected/);
  });
});
