import type { ClientVersions } from './transition.ts';

export type Version = readonly [number, number, number];

/** A caller inside of the server: everything of the newest. */
export const INTERNAL_CLIENT: ClientVersions = { api: null, package: null };

export function isOlder(version: Version, than: Version): boolean {
  for (const [index, part] of version.entries()) {
    const other = than[index] ?? 0;
    if (part !== other) return part < other;
  }
  return false;
}

/** Tells whether the client speaks an API version before `than`; a client that does not say speaks the newest. */
export function isOlderApi(client: ClientVersions, than: Version): boolean {
  return client.api !== null && isOlder(client.api, than);
}
