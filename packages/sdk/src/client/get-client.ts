import { currentContext } from '../context/context.ts';
import { clientFor } from '../session/session.ts';
import { loadSettings } from '../settings/load.ts';
import type { ApiClient } from './client.ts';
import type { ResourceMethods } from './generated/resources.ts';
import { resourcesOf } from './resources.ts';

/** A client with a method for every operation, grouped by resource. Closes with `await using`. */
export interface Client extends ApiClient, ResourceMethods {}

/** Makes the client; see `getClient` of the package's root. */
export function openClient(): Client {
  const { session } = currentContext();
  const client = session?.client ?? clientFor(loadSettings());
  // The client of a run belongs to the run: whoever borrows it does not close it.
  const borrowed = session && { close: async () => {}, [Symbol.asyncDispose]: async () => {} };
  return { ...client, ...resourcesOf(client), ...borrowed };
}
