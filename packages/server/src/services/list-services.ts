import type { ServerSettings } from '../settings.ts';

/** A loop of a server, as people are told of it. */
export interface ListedService {
  readonly name: string;
  /** Seconds between two rounds; null when the settings turn it off. */
  readonly everySeconds: number | null;
}

export async function listServices(settings: ServerSettings): Promise<ListedService[]> {
  const { SERVICES } = await import('./index.ts');
  return SERVICES.map(({ name, every }) => ({ name, everySeconds: every(settings) }));
}
