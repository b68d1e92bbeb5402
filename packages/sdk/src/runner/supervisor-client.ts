import type { ApiClient } from '../client/client.ts';
import { clientFor } from '../session/session.ts';
import type { Settings } from '../settings/index.ts';

/**
 * A client for a worker or runner. Its loops have a patience of their own, so a call fails soon and the loop stays awake for the moment
 * when the server is back.
 */
export function supervisorClient(settings: Settings): ApiClient {
  return clientFor(settings.with({ PREFECT_CLIENT_MAX_RETRIES: 1 }));
}
