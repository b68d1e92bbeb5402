import type { Session } from '../session.ts';

/** Code of the person reads its settings from the environment: gives it those of this call, with the profile that was asked for. */
export async function useSettings(session: Session): Promise<void> {
  const settings = await session.settings();
  const { apiUrl } = await session.client();
  Object.assign(process.env, settings.toEnvironment(), { PREFECT_API_URL: apiUrl });
}
