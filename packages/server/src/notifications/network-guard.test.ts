import { lookup } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { sendRequest } from './http-request.ts';
import { isPublicAddress, networkGuard } from './network-guard.ts';

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '127.8.9.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '224.0.0.1',
    '::',
    '::1',
    'fc00::1',
    'fdff::1',
    'fe80::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'localhost',
    '',
  ])('%s is not one of the Internet', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

it('a name that leads elsewhere when it is asked for again reaches nobody', async () => {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
  const request = { method: 'POST', url, headers: {}, body: 'secret' };
  const signal = AbortSignal.timeout(5000);
  // The first look at the name found nothing wrong with it.
  const guard = { ...networkGuard(false), lookup: lookup as unknown as LookupFunction };
  await expect(sendRequest(request, { guard, signal })).rejects.toThrow(/is in a private network/);
  expect(requests).toBe(0);
  await expect(sendRequest(request, { guard: networkGuard(true), signal })).resolves.toMatchObject({ status: 200 });
  server.close();
});
