import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction, type Socket } from 'node:net';

/** An address that may not be called; the message says why and what would allow it. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/** Decides which addresses a message may go to. */
export interface NetworkGuard {
  /** Refuses a host that is written as an address. Names are judged by what they resolve to. */
  checkHost(host: string): void;
  /** Resolves names for a connection and refuses those that lead to where nobody may go. */
  readonly lookup: LookupFunction;
  /** Looks once more at where a connection really leads. */
  checkConnection(socket: Socket): void;
}

/** Networks that are not the Internet: this machine, its neighbours, metadata of clouds, multicast, and the like. */
const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv6');

/** Tells whether an IP address is one of the public Internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !NOT_PUBLIC.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** @param allowPrivate whether private networks may be called too. */
export function networkGuard(allowPrivate: boolean): NetworkGuard {
  const check = (address: string): void => {
    if (!allowPrivate && !isPublicAddress(address))
      throw new ForbiddenAddressError(
        `${address} is in a private network. Allow private addresses in the block, and on the server by PREFECT_SERVER_NOTIFICATIONS_ALLOW_PRIVATE_ADDRESSES.`,
      );
  };
  return {
    checkHost(host) {
      const address = host.replace(/^\[(.*)\]$/, '$1');
      if (isIP(address) !== 0) check(address);
    },
    lookup(name, options, callback) {
      lookup(name, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, '');
        try {
          for (const { address } of addresses) check(address);
        } catch (refusal) {
          return callback(refusal as Error, '');
        }
        const [first] = addresses;
        if (options.all) callback(null, addresses);
        else callback(null, first?.address ?? '', first?.family);
      });
    },
    checkConnection(socket) {
      // The answer to a question for a name may have changed since it was judged.
      check(socket.remoteAddress ?? '');
    },
  };
}
