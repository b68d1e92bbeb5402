import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { LogCreate } from '@prefect-ts/protocol';
import { expect, it } from 'vitest';
import { PrefectHTTPStatusError } from '../client/errors.ts';
import { LogSender, type LogSenderOptions } from './log-sender.ts';

function aLog(message: string): LogCreate {
  return { name: 'prefect.flow_runs', level: 20, message, timestamp: '2026-01-02T03:04:05.000000Z', flow_run_id: null };
}

/** A sender whose every line is a batch, and a server that is there or not. */
function aSender(options: Partial<LogSenderOptions> = {}) {
  const server = { away: true, got: [] as string[], tries: 0 };
  const warnings: string[] = [];
  const sender = new LogSender({
    post: async (batch) => {
      server.tries++;
      if (server.away) throw new Error('connection refused');
      server.got.push(...batch.map((log) => log.message));
    },
    warn: (message) => warnings.push(message),
    intervalMs: 60_000,
    batchBytes: 100,
    maxLogBytes: 3000,
    memoryBytes: 5000,
    retryMs: 1,
    ...options,
  });
  return { server, sender, warnings };
}

function spillFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('prefect-ts-logs-'));
}

it('keeps lines while the server is away, within bounds in memory, and sends them in order when it is back', async () => {
  const { server, sender, warnings } = aSender();
  const before = spillFolders();
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index} ${'x'.repeat(2760)}`);
  for (const line of lines) sender.send(aLog(line));
  expect(await sender.flush(20)).toBe(false);
  const made = spillFolders().filter((name) => !before.includes(name));
  expect(made).toHaveLength(1);
  expect(sender.unsent).toBe(200);
  expect(server.tries).toBeGreaterThan(1);

  server.away = false;
  expect(await sender.flush(5000)).toBe(true);
  expect(server.got).toEqual(lines);
  expect(warnings).toHaveLength(1);
  expect(existsSync(`${tmpdir()}/${made[0]}`)).toBe(false);
  await sender.close();
});

it('puts lines that come later behind those that wait', async () => {
  const { server, sender } = aSender();
  for (let index = 0; index < 10; index++) sender.send(aLog(`${index} ${'x'.repeat(2760)}`));
  await sender.flush(5);
  server.away = false;
  for (let index = 10; index < 20; index++) sender.send(aLog(`${index} ${'x'.repeat(2760)}`));
  expect(await sender.flush(5000)).toBe(true);
  expect(server.got.map((line) => Number.parseInt(line, 10))).toEqual(Array.from({ length: 20 }, (_, index) => index));
  await sender.close();
});

it('drops what the server refuses, and what there is no room for, with a notice', async () => {
  const refused = aSender({
    post: () => Promise.reject(new PrefectHTTPStatusError({ method: 'POST', url: '/logs/', status: 422, body: 'no' })),
  });
  refused.sender.send(aLog('bad'));
  expect(await refused.sender.flush(5000)).toBe(true);
  expect(refused.warnings.join()).toContain('1 log lines could not be sent');

  const full = aSender({ diskBytes: 5000 });
  for (let index = 0; index < 10; index++) full.sender.send(aLog(`${index} ${'x'.repeat(2760)}`));
  expect(full.warnings.filter((each) => each.includes('no room')).length).toBeGreaterThan(2);
  await full.sender.close();
});
